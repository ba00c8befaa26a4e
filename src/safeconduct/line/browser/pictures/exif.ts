// Of all that EXIF can say, the only thing kept: which way up the picture is (tag 0x0112).

const ORIENTATION = 0x0112;
const HEADER = [0x45, 0x78, 0x69, 0x66, 0, 0]; // "Exif\0\0", in JPEG always, in WebP sometimes

export const hasHeader = (bytes: Uint8Array): boolean => HEADER.every((byte, i) => bytes[i] === byte);

/** The orientation (2 to 8) that a block of EXIF gives, or 1 (upright) if it gives none that makes sense. */
export function orientation(exif: Uint8Array): number {
  const bytes = hasHeader(exif) ? exif.subarray(6) : exif;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    const order = view.getUint16(0);
    if (order !== 0x4949 && order !== 0x4d4d) return 1;
    const little = order === 0x4949;
    const directory = view.getUint32(4, little);
    for (let i = view.getUint16(directory, little); i > 0; i--) {
      const entry = directory + 2 + (i - 1) * 12;
      if (view.getUint16(entry, little) !== ORIENTATION) continue;
      const value = view.getUint16(entry + 8, little);
      return value >= 2 && value <= 8 ? value : 1;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return 1;
}

/** A block of TIFF that holds this orientation and nothing else. */
export function only(orientation: number): number[] {
  const entry = [ORIENTATION >> 8, ORIENTATION & 255, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0];
  return [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, ...entry, 0, 0, 0, 0];
}

export const headed = (tiff: number[]): number[] => [...HEADER, ...tiff];
