/** What every editor is asked to do in a story; each by its own keys. */

/** How a person asks for something here. */
export type Way = "completion" | "code action" | "inline";

export interface RealEditor {
  readonly name: string;
  readonly version: string;
  /** Opens the file in front, with the cursor at the line (from 0), behind that many characters. */
  open(file: string, line: number, column: number): Promise<void>;
  /** Types text at the cursor; the editor stays where text is typed. */
  type(text: string): Promise<void>;
  /**
   * Asks, again and again as a person does while the check runs, until ours is offered and taken, or the server has
   * said why there is nothing. "taken", or the log's reason.
   */
  take(way: Way): Promise<string>;
  /** Picks "why is nothing offered here?" and returns all that the editor then shows as messages. */
  why(): Promise<string>;
  undo(): Promise<void>;
  redo(): Promise<void>;
  /** Leaves the typing and writes the file; resolves when it is on disk. */
  save(): Promise<void>;
  close(): Promise<void>;
}
