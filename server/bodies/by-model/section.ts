/** A named piece of the workspace, for a prompt. */
export interface Section {
  readonly name: string;
  readonly text: string;
}
