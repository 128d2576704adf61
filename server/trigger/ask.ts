import { offsetAt, type Position, type PositionEncoding } from "../base/positions.ts";
import type { DocumentSnapshot, NoOffer, OpenDocuments } from "../stages.ts";
import type { RustSyntax } from "../syntax/parse.ts";
import { findSites, notASite } from "./find-sites.ts";
import type { Asked } from "./asked.ts";

export interface Cursor {
  readonly document: DocumentSnapshot;
  readonly position: Position;
  readonly encoding: PositionEncoding;
  readonly documents: OpenDocuments;
}

/** What a cursor asks about. */
export function askAt(syntax: RustSyntax, cursor: Cursor): Asked | NoOffer {
  const offset = offsetAt(cursor.document.text, cursor.position, cursor.encoding);
  const sites = findSites(syntax, cursor.document, offset);
  if (sites.length === 0) return notASite(syntax, cursor.document.text, offset);
  return { sites, document: cursor.document, documents: cursor.documents };
}
