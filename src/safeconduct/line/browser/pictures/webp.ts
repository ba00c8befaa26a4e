import { only, orientation } from "./exif";
import { ascii, type Piece, Unreadable } from "./strip";

const KEPT = new Set(["VP8 ", "VP8L", "ALPH", "ANIM", "ANMF"]);
const [PROFILE, EXIF, XMP] = [0x20, 0x08, 0x04]; // flags of VP8X

export function webp(bytes: Uint8Array): Piece[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const whole = 8 + view.getUint32(4, true);
  if (ascii(bytes, 0, 4) !== "RIFF" || whole > bytes.length) throw new Unreadable();
  const pieces: Piece[] = [];
  let turned = 1;
  let flags: Uint8Array<ArrayBuffer> | null = null;
  for (let at = 12; at + 8 <= whole; ) {
    const length = view.getUint32(at + 4, true);
    const end = at + 8 + length + (length % 2);
    if (at + 8 + length > bytes.length) throw new Unreadable();
    const type = ascii(bytes, at, 4);
    if (type === "EXIF") turned = orientation(bytes.subarray(at + 8, at + 8 + length));
    if (type === "VP8X") {
      if (length < 10) throw new Unreadable();
      flags = bytes.slice(at, end) as Uint8Array<ArrayBuffer>;
      pieces.push(flags);
    } else if (KEPT.has(type)) {
      pieces.push({ from: at, to: at + 8 + length }, new Uint8Array(length % 2));
    }
    at = end;
  }
  if (pieces.length === 0) throw new Unreadable();
  if (flags) {
    flags[8] = flags[8]! & ~(PROFILE | EXIF | XMP);
    if (turned !== 1) {
      flags[8] |= EXIF;
      const tiff = only(turned);
      pieces.push(new Uint8Array([0x45, 0x58, 0x49, 0x46, tiff.length, 0, 0, 0, ...tiff]));
    }
  }
  const size = pieces.reduce((sum, piece) => sum + ("from" in piece ? piece.to - piece.from : piece.length), 0);
  const head = new Uint8Array([0x52, 0x49, 0x46, 0x46, 0, 0, 0, 0, 0x57, 0x45, 0x42, 0x50]);
  new DataView(head.buffer).setUint32(4, size + 4, true);
  return [head, ...pieces];
}
