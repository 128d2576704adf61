/**
 * What Armature adds to the Language Server Protocol, for the server and for clients. `README.md` beside this
 * file is the wire document; a test compares the two.
 */
import type { TextDocumentPositionParams, WorkspaceEdit } from "vscode-languageserver";

/** The stage of the line that ended without an offer. */
export type NoOfferStage = "trigger" | "facts" | "bodies" | "verify" | "offer";

/**
 * Why there is no offer. Stable: clients may switch on it. The message beside it is for people and names the
 * remedy where there is one.
 */
export const noOfferReasons = {
  "not-a-site": "there is no match or impl at this place that could be filled",
  "outside-workspace": "the file belongs to no cargo package that can be checked",
  "turned-off": "Armature is turned off in the settings",
  "analyzer-not-ready": "rust-analyzer has not finished loading the workspace",
  "analyzer-failed": "rust-analyzer answered with an error or not at all",
  "nothing-missing": "rust-analyzer sees nothing missing here and no body is open",
  "action-not-found": "rust-analyzer reports that something is missing but lists no action that adds it",
  "actions-not-listed": "rust-analyzer lists no code actions for what the editor announces",
  "configured-out": "the code is inactive: a `cfg` around it is not met",
  "in-macro": "the code is in a macro's call, of which rust-analyzer does not see all",
  "error-at-site": "an error keeps rust-analyzer from seeing what is missing",
  "analyzer-sees-less": "rust-analyzer lists nothing for values of this type, where rustc may",
  "skeleton-unclear": "rust-analyzer's edit could not be turned into a skeleton",
  "frame-does-not-compile": "what rust-analyzer writes here does not compile and could not be mended",
  "no-evidence": "no body had enough evidence to be proposed",
  "model-unreachable": "the model's endpoint could not be reached",
  "model-refused": "the model's endpoint refused the request (key or permission)",
  "model-limited": "the model's endpoint limits the rate of requests",
  "model-timeout": "the model did not answer in time",
  "model-garbage": "the model's answer could not be read",
  "budget-spent": "the budget set for the model is spent",
  "all-refused": "every draft was refused before a check",
  "all-rejected": "the compiler accepted none of the drafts",
  "not-live": "the compiler did not reach the code at this place",
  "runs-at-compile-time": "code of this package runs while it is compiled",
  "cargo-missing": "cargo could not be started",
  "cargo-failed": "cargo failed before it checked anything",
  "dependencies-missing": "a dependency is not on this machine and the check works offline",
  "check-timeout": "the check took longer than the limit set",
  "check-memory": "the check took more memory than the limit set",
  "check-locked": "another process holds a lock of cargo's that the check needs",
  "shadow-failed": "the shadow copy of the workspace could not be written",
  "not-handled": "this workspace has something that Armature does not handle yet",
  stale: "the document changed while it was checked",
  cancelled: "the request was cancelled",
  "internal-error": "Armature failed; the log has the details",
} as const;
export type NoOfferReason = keyof typeof noOfferReasons;

/**
 * `armature/fill`, editor to server, request. Finds the site at the position, waits for the job, and answers
 * with verified offers or the reason why there are none. Cancellable. Since 0.1.0.
 */
export const fillMethod = "armature/fill";
export type FillParams = TextDocumentPositionParams;
export type FillResult = FillOffers | FillNone;

export interface FillOffers {
  readonly kind: "offers";
  /** For people: "match on `shape`". */
  readonly site: string;
  /** Best first, never empty. */
  readonly offers: readonly FillOffer[];
}

export interface FillOffer {
  /** One line: "Fill 3 match arms, leave 2 open (verified by cargo check)". */
  readonly label: string;
  /** Plain text edits in `documentChanges`, with the version of the document they were made for. */
  readonly edit: WorkspaceEdit;
  /** Number of holes left `todo!()`. Nothing is claimed for them. */
  readonly open: number;
  readonly evidence: Evidence;
}

export interface Evidence {
  /** The check as a person would type it. */
  readonly command: string;
  /** Cargo targets that contain the file and were checked. */
  readonly targets: readonly string[];
  readonly milliseconds: number;
  readonly drafts: { readonly tried: number; readonly accepted: number };
  /** Repair rounds a model needed. */
  readonly rounds: number;
  readonly holes: readonly HoleEvidence[];
  /** What stays red or is warned of elsewhere in what was checked. Errors: then nothing is called verified. */
  readonly elsewhere: { readonly errors: number; readonly warnings: number };
  /** What the check does not say. */
  readonly notChecked: readonly string[];
}

export interface HoleEvidence {
  readonly kind: "body" | "type" | "constant" | "written";
  /** The arm's pattern or the member's name. */
  readonly owner: string;
  readonly text: string;
  readonly by: "analyzer" | "analogy" | "model" | "open";
  /** analogy: the rule that wrote it, and `path:line` of its source. */
  readonly rule?: string;
  readonly place?: string;
  readonly model?: string;
}

export interface FillNone {
  readonly kind: "none";
  readonly stage: NoOfferStage;
  readonly reason: NoOfferReason;
  readonly message: string;
  readonly site?: string;
}

/** `armature/why`, editor to server, request. The last outcome at this site, or null. Since 0.1.0. */
export const whyMethod = "armature/why";
export type WhyParams = TextDocumentPositionParams;
export type WhyResult = WhyOutcome | null;

export interface WhyOutcome {
  readonly outcome: FillResult;
  /** Drafts that were not offered, in the order they were tried, with the reason of each. */
  readonly dropped: readonly DroppedDraft[];
  /** Wall time of the job. */
  readonly milliseconds: number;
}

export interface DroppedDraft {
  readonly verdict: "rejected" | "refused" | "unknown";
  /** "leaves-its-hole", "E0308: mismatched types", … */
  readonly reason: string;
  /** The hole it was about, where one is known. */
  readonly hole?: string;
  readonly text: string;
}

/**
 * `armature/status`. Server to editor, a notification, sent to clients that announce
 * `experimental.armatureStatus`; editor to server, a request without params that answers with the same. Since 0.1.0.
 */
export const statusMethod = "armature/status";
export interface StatusParams {
  readonly state: "starting" | "ready" | "working" | "off";
  /** The model's name, absent where none is named. */
  readonly model?: string;
  /** Model requests left today, absent without a model. */
  readonly requestsLeft?: number;
  readonly message?: string;
}

/** Command behind the lazy form of the code action; its one argument is a {@link FillParams}. Since 0.1.0. */
export const fillCommand = "armature.fill";

/**
 * Command that says why nothing is offered at a place: shown by `window/showMessage`, and the answer. Its one argument
 * is a {@link WhyParams}. Since 0.1.0.
 */
export const whyCommand = "armature.why";
