import { statusMethod, type StatusParams } from "../../protocol/methods.ts";

export interface StatusOptions {
  readonly isAskedFor: () => boolean;
  readonly notifyEditor: (method: string, params: unknown) => void;
  readonly isEnabled: () => boolean;
  readonly isReady: () => boolean;
  /** The model and what is left of its budget; undefined without a model. */
  readonly model: () => { readonly name: string; readonly requestsLeft: number } | undefined;
}

/** Sends `armature/status` whenever what it says changes, to clients that announced `experimental.armatureStatus`. */
export class StatusReporter {
  readonly #options: StatusOptions;
  #working = 0;
  #last = "";

  constructor(options: StatusOptions) {
    this.#options = options;
  }

  async whileWorking<T>(work: () => Promise<T>): Promise<T> {
    this.#working += 1;
    this.changed();
    try {
      return await work();
    } finally {
      this.#working -= 1;
      this.changed();
    }
  }

  changed(): void {
    if (!this.#options.isAskedFor()) return;
    const params = this.now();
    const text = JSON.stringify(params);
    if (text === this.#last) return;
    this.#last = text;
    this.#options.notifyEditor(statusMethod, params);
  }

  /** What `armature/status` says, to all who ask. */
  now(): StatusParams {
    const model = this.#options.model();
    return {
      state: this.#state(),
      ...(model === undefined ? {} : { model: model.name, requestsLeft: model.requestsLeft }),
    };
  }

  #state(): StatusParams["state"] {
    if (!this.#options.isEnabled()) return "off";
    if (!this.#options.isReady()) return "starting";
    return this.#working > 0 ? "working" : "ready";
  }
}
