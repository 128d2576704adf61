/**
 * What passes between the stages: types only, all of it plain readonly data.
 *
 * Every offset is a count of UTF-16 code units (an index into a JavaScript string) unless the name says
 * otherwise; every duration is in milliseconds.
 */
import type { NoOfferReason, NoOfferStage } from "../protocol/methods.ts";

/** Offsets into the text that the owner names, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A document as it was at one moment. Stages get this, never the live document. */
export interface DocumentSnapshot {
  readonly uri: string;
  /** Absolute path in the user's file system. */
  readonly path: string;
  /** The version the editor gave it. */
  readonly version: number;
  readonly text: string;
}

/** Every document the editor holds open, saved or not, at one moment. */
export type OpenDocuments = readonly DocumentSnapshot[];

export type SiteKind = "match" | "impl";

/** A place that can be filled: a `match` expression or an `impl … for …` block. */
export interface Site {
  readonly kind: SiteKind;
  /**
   * The document with half-typed text at the cursor healed, so that it is the same site from key to key.
   * All spans below are offsets into this text.
   */
  readonly document: DocumentSnapshot;
  /** What was healed: this part of the editor's text became {@link healedText}; empty where nothing was. */
  readonly healed: Span;
  /** What stood there in the editor. */
  readonly unhealed: string;
  /** "" where a half-typed word was taken out, ` todo!(),` where an arm had no body yet, ` {}` behind a header. */
  readonly healedText: string;
  /** The whole match expression or impl item. */
  readonly span: Span;
  /** Offset of the keyword `match` or `impl`: rust-analyzer offers its action there whatever is inside. */
  readonly keyword: number;
  /** Where new arms or members go when the cursor stands on a blank line of the list; otherwise after the last. */
  readonly insertAt: number | undefined;
  /** For people: "match on `shape`", "impl `Display` for `Shape`". */
  readonly label: string;
}

/** body: an expression or block; type: an associated type; constant: its value; binder: a name in an arm's pattern. */
export type HoleKind = "body" | "type" | "constant" | "binder";

export interface Hole {
  /** "h1", "h2", … in text order; binders are "h2.b1", … after the body hole they belong to. */
  readonly id: string;
  readonly kind: HoleKind;
  /** Offsets into {@link Skeleton.text} of the placeholder (`todo!()`, `_`, or a field's shorthand name). */
  readonly span: Span;
  /** The arm's pattern as text, or the member's signature without its body. */
  readonly owner: string;
  /** The member's name, or the last segment of the arm's path (`Circle` of `Shape::Circle(_)`). */
  readonly name: string;
  /** binder only: the record field it binds (`radius` in `Circle { radius }`). */
  readonly field?: string;
  /** binder only: the name rust-analyzer suggests (`values` for a `Vec`), where it has one. */
  readonly suggestion?: string;
  /** binder only: how a name must bind here, as the compiler said: "ref ", "ref mut ", "mut ", "" without `ref`. */
  readonly mode?: "ref " | "ref mut " | "mut " | "";
}

/** Fixed text with holes. What is fixed comes from rust-analyzer or stood there already. */
export interface Skeleton {
  readonly site: Site;
  /** The part of `site.document.text` that {@link text} replaces. Nothing outside it changes. */
  readonly replaced: Span;
  readonly text: string;
  /** In text order. A skeleton may have none (rust-analyzer wrote real bodies): it is verified as it is. */
  readonly holes: readonly Hole[];
  /** Arms or members that rust-analyzer added; 0 when only bodies are open. */
  readonly added: number;
  /** Function bodies and arm values that rust-analyzer wrote itself, as offsets into {@link text}. */
  readonly written: readonly Span[];
}

/** One arm of some match, cut from source. */
export interface ArmExample {
  /** The path's last segment (`Circle`), or the pattern's text where it is not a path (`_`, `1`). */
  readonly variant: string;
  /** The path before the last segment (`Shape`, `Self`, `crate::Shape`), "" where there is none. */
  readonly qualifier: string;
  readonly pattern: string;
  readonly guarded: boolean;
  /** Names the pattern binds, in order; record shorthand gives the field's name. */
  readonly binders: readonly string[];
  /** For record patterns: the field of each binder, same order; otherwise empty. */
  readonly fields: readonly string[];
  /** The arm's value as written, without a trailing comma. */
  readonly body: string;
}

/** A match somewhere, with where it stands. */
export interface MatchExample {
  readonly path: string;
  /** 1-based line of the keyword. */
  readonly line: number;
  readonly functionName: string;
  readonly arms: readonly ArmExample[];
}

export interface Parameter {
  readonly name: string;
  readonly type: string;
}

export interface MethodExample {
  readonly name: string;
  /** As written up to the body. */
  readonly signature: string;
  readonly parameters: readonly Parameter[];
  readonly returnType: string;
  /** The block with its braces; "" for a declaration without a body. */
  readonly body: string;
}

/** An impl somewhere, with where it stands. `trait` is "" for an inherent one. */
export interface ImplExample {
  readonly path: string;
  /** 1-based line of the keyword. */
  readonly line: number;
  /** The trait's last segment with its generic arguments as written (`From<Error>`). */
  readonly trait: string;
  /** The type as written. */
  readonly type: string;
  readonly methods: readonly MethodExample[];
  readonly types: readonly { readonly name: string; readonly value: string }[];
  readonly constants: readonly { readonly name: string; readonly type: string; readonly value: string }[];
}

export interface Field {
  /** "0", "1", … for tuple fields. */
  readonly name: string;
  readonly type: string;
}

export interface Variant {
  readonly name: string;
  readonly shape: "unit" | "tuple" | "record";
  readonly fields: readonly Field[];
}

/** The definition of an enum or struct, cut from its source. */
export interface TypeDefinition {
  readonly kind: "enum" | "struct" | "other";
  readonly name: string;
  readonly path: string;
  /** The whole item as written, doc comments included. */
  readonly text: string;
  /** Of an enum. */
  readonly variants: readonly Variant[];
  /** Of a struct. */
  readonly fields: readonly Field[];
  readonly derives: readonly string[];
}

export interface EnclosingFunction {
  readonly name: string;
  readonly signature: string;
  readonly parameters: readonly Parameter[];
  readonly returnType: string;
  /** The impl it stands in, if any: `trait` is "" for an inherent one. */
  readonly impl: { readonly trait: string; readonly type: string } | undefined;
}

/** What is known of a site. Exact where rust-analyzer said it; examples are code that stands in the workspace. */
export interface Facts {
  readonly skeleton: Skeleton;
  /** Absolute path of the workspace's root: places are named relative to it. */
  readonly root: string;
  readonly function: EnclosingFunction | undefined;
  /** match: the text and, where rust-analyzer told it, the type of the scrutinee. */
  readonly scrutinee: { readonly text: string; readonly type: string | undefined } | undefined;
  /** The enum matched on, or the type the impl is for. */
  readonly subject: TypeDefinition | undefined;
  /** impl: the trait's definition as text, where rust-analyzer found it. */
  readonly traitText: string | undefined;
  /** match: the arms already written here, open ones left out. */
  readonly siblingArms: readonly ArmExample[];
  /** match: other matches on the same enum, nearest first. */
  readonly otherMatches: readonly MatchExample[];
  /** impl: members already written in this impl. */
  readonly thisImpl: ImplExample | undefined;
  /** impl: other impls of the same trait, nearest first. */
  readonly otherImpls: readonly ImplExample[];
  /** Inherent and other trait impls of the same type, nearest first. */
  readonly typeImpls: readonly ImplExample[];
  /** Locals in scope at the first hole, with types, where rust-analyzer told them. */
  readonly locals: readonly Parameter[];
  /** What was asked and came too late or not at all, for the log and the evidence. */
  readonly missing: readonly string[];
}

/** Who wrote a hole's text. */
export type Author =
  | {
      readonly by: "analogy";
      /** Short and stable, named for the rule: "sibling arm, variant name replaced". */
      readonly rule: string;
      /** `path:line` of the best source. */
      readonly place: string;
      /** Estimated chance that this is the body its author would write, 0 to 1. */
      readonly chance: number;
    }
  | { readonly by: "model"; readonly model: string };

export interface Filling {
  readonly text: string;
  readonly author: Author;
  /** body of an arm: names for the arm's binder holes that the text uses, keyed by hole id. */
  readonly binders?: ReadonlyMap<string, string>;
}

/** Text for the holes, keyed by hole id. A hole without an entry stays open (`todo!()`). */
export interface Draft {
  /** 0 is the best. */
  readonly rank: number;
  readonly fillings: ReadonlyMap<string, Filling>;
}

/** One message of rustc, cut down to what a verdict needs. */
export interface CompilerDiagnostic {
  readonly level: "error" | "warning";
  readonly code: string | undefined;
  readonly message: string;
  /** Absolute path in the user's file system of the primary span, "" where there is none. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** The hole whose text holds the primary span, if one does. */
  readonly hole: string | undefined;
  /** rustc's own rendering, for people. */
  readonly rendered: string;
}

/** A place in {@link Skeleton.text}. */
export interface FramePlace {
  readonly span: Span;
  /** The hole whose text it lies in ("h2", "h2.b1"). */
  readonly hole: string | undefined;
}

/** A change of the skeleton's text that the compiler proposes, all its parts together. */
export interface FrameFix {
  readonly isMachineApplicable: boolean;
  readonly parts: readonly { readonly place: FramePlace; readonly text: string }[];
}

/** What the compiler says against the frame: text that is ours and in no filled hole. */
export interface FrameError {
  readonly level: "error" | "warning";
  readonly code: string | undefined;
  readonly message: string;
  readonly rendered: string;
  /** Those that lie in the skeleton's text, primary ones first. */
  readonly places: readonly FramePlace[];
  readonly fixes: readonly FrameFix[];
  /** Paths that the compiler would import ("std::fmt::Display"). */
  readonly imports: readonly string[];
}

export type RefusalReason =
  | "leaves-its-hole"
  | "does-not-parse"
  | "not-a-body"
  | "new-wildcard"
  | "delegates-to-itself"
  | "unsafe-code"
  | "attribute"
  | "shadowing-item"
  | "runs-at-compile-time"
  | "unknown-macro";

export type Verdict =
  | { readonly kind: "accepted"; readonly draft: Draft; readonly text: string; readonly check: CheckEvidence }
  | {
      readonly kind: "rejected";
      readonly draft: Draft;
      readonly diagnostics: readonly CompilerDiagnostic[];
      /** Those among them whose cause is the frame, with more of what the compiler says. */
      readonly frame?: readonly FrameError[];
    }
  | {
      readonly kind: "refused";
      readonly draft: Draft;
      readonly hole: string;
      readonly reason: RefusalReason;
      readonly message: string;
      /** What would be refused next, were the holes before it left open. */
      readonly others?: readonly {
        readonly hole: string;
        readonly reason: RefusalReason;
        readonly message: string;
      }[];
    }
  | {
      readonly kind: "unknown";
      readonly draft: Draft;
      readonly reason: NoOfferReason;
      readonly message: string;
    };

/** How an accepted text was checked. */
export interface CheckEvidence {
  /** The command as a person would type it in the workspace. */
  readonly command: string;
  /** Cargo targets that contain the file and were checked: "lib shapes", "bin demo". */
  readonly targets: readonly string[];
  /** From the first check of this report to the verdict. */
  readonly milliseconds: number;
  /** Runs of cargo it took. */
  readonly checks: number;
  /** Errors that stand elsewhere in what was checked, and stood there before or were hidden by the site's own gap. */
  readonly errors: readonly CompilerDiagnostic[];
  /** Warnings elsewhere, where the site's own gap may have kept rustc from saying them before. */
  readonly warnings: number;
  /** rust-analyzer's settings that keep it from running code of the workspace; the check has run it all the same. */
  readonly against?: readonly string[];
}

export interface NoOffer {
  readonly kind: "none";
  readonly stage: NoOfferStage;
  readonly reason: NoOfferReason;
  readonly message: string;
  readonly site?: string;
}

/** An accepted draft. */
export interface Offer {
  readonly skeleton: Skeleton;
  readonly draft: Draft;
  /** What replaces `skeleton.replaced`, exactly as it was checked. */
  readonly text: string;
  /** Ids of the body, type and constant holes left open. */
  readonly open: readonly string[];
  readonly check: CheckEvidence;
  readonly drafts: { readonly tried: number; readonly accepted: number };
  /** Rounds after the first in which verdicts went back to whoever wrote the bodies. */
  readonly rounds: number;
}

export type Outcome =
  | {
      readonly kind: "offers";
      readonly site: Site;
      readonly offers: readonly Offer[];
      readonly rejected: readonly Verdict[];
    }
  | (NoOffer & { readonly rejected?: readonly Verdict[] });

/** Asks rust-analyzer a question of our own. Rejects when the signal aborts or rust-analyzer answers with an error. */
export type AskAnalyzer = (
  method: string,
  params: unknown,
  options: { readonly signal: AbortSignal },
) => Promise<unknown>;

/** What a stage may tell a person while it works: short, lower case, no full stop. */
export type Report = (message: string) => void;
