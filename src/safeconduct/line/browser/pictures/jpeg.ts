import { hasHeader, headed, only, orientation } from "./exif";
import { ascii, type Piece, Unreadable } from "./strip";

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP14 = 0xee;
const APP15 = 0xef;
const COMMENT = 0xfe;

/** The tables, the frame and the scans; a bare JFIF or Adobe segment; nothing after the end of the picture. */
export function jpeg(bytes: Uint8Array): Piece[] {
  const pieces: Piece[] = [];
  let turned = 1;
  let at = 2;
  let scanned = false;
  for (;;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at += 1; // fill bytes
    const marker = bytes[at + 1];
    if (at + 4 > bytes.length && scanned && marker !== EOI) break; // cut off: what is there can still be seen
    if (bytes[at] !== 0xff || marker === undefined) throw new Unreadable();
    if (marker === EOI) break;
    const end = at + 2 + (bytes[at + 2]! << 8) + bytes[at + 3]!;
    if (at + 4 > bytes.length || end > bytes.length || end < at + 4) {
      if (scanned) break;
      throw new Unreadable();
    }
    const body = bytes.subarray(at + 4, end);
    if (marker === APP0 && ascii(body, 0, 5) === "JFIF\0" && body.length >= 14) {
      // version, unit and densities; without the small picture that may follow
      pieces.push(new Uint8Array([0xff, APP0, 0, 16, ...body.subarray(0, 12), 0, 0]));
    } else if (marker === APP14 && ascii(body, 0, 5) === "Adobe" && body.length >= 12) {
      pieces.push(new Uint8Array([0xff, APP14, 0, 14, ...body.subarray(0, 12)])); // says how the colours are stored
    } else if (marker === APP1 && hasHeader(body)) {
      turned = orientation(body);
    } else if (marker === SOS) {
      const to = scanEnd(bytes, end);
      pieces.push({ from: at, to });
      scanned = true;
      at = to;
      continue;
    } else if (!(marker >= APP0 && marker <= APP15) && marker !== COMMENT) {
      pieces.push({ from: at, to: end });
    }
    at = end;
  }
  if (!scanned) throw new Unreadable();
  const upright = headed(only(turned));
  const exif = turned === 1 ? [] : [0xff, APP1, 0, upright.length + 2, ...upright];
  return [new Uint8Array([0xff, SOI, ...exif]), ...pieces, new Uint8Array([0xff, EOI])];
}

/** Where the compressed data of a scan ends: at the next marker that is no restart marker. */
function scanEnd(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next === undefined) return at;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return bytes.length;
}
