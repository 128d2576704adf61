import type { DocumentSnapshot, OpenDocuments, Site } from "../stages.ts";

/** What somebody asked about: the sites one cursor can mean, and the documents as they were then. */
export interface Asked {
  readonly sites: readonly Site[];
  /** The editor's document, half-typed words included. */
  readonly document: DocumentSnapshot;
  readonly documents: OpenDocuments;
}
