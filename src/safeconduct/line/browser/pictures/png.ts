import { only, orientation } from "./exif";
import { ascii, type Piece, Unreadable } from "./strip";

// What draws the picture, its transparency, its brightness and, in a moving one, its frames. No texts, times or profiles.
const KEPT = new Set(["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "sRGB", "cICP", "acTL", "fcTL", "fdAT"]);

export function png(bytes: Uint8Array): Piece[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const pieces: Piece[] = [{ from: 0, to: 8 }];
  let turned = 1;
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.length) throw new Unreadable();
    const type = ascii(bytes, at + 4, 4);
    if (type === "eXIf") turned = orientation(bytes.subarray(at + 8, end - 4));
    if (KEPT.has(type)) pieces.push({ from: at, to: end });
    if (type === "IEND") {
      if (turned !== 1) pieces.splice(2, 0, chunk("eXIf", only(turned))); // after IHDR
      return pieces;
    }
    at = end;
  }
  throw new Unreadable();
}

function chunk(type: string, data: number[]): Uint8Array<ArrayBuffer> {
  const named = [...Array.from(type, (letter) => letter.charCodeAt(0)), ...data];
  const bytes = new Uint8Array([0, 0, 0, 0, ...named, 0, 0, 0, 0]);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  view.setUint32(bytes.length - 4, checksum(named));
  return bytes;
}

/** CRC-32 as PNG wants it. */
function checksum(data: number[]): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
