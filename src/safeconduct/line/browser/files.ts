// Attachments: pictures lose their metadata here, before anything is sealed.

import type { Attachment, Use } from "./letter";
import { onWipe } from "./leave";
import { stripped } from "./pictures/strip";
import { complain, copy, find, on, say, text } from "./screen";

interface Chosen {
  number: number;
  extension: string;
  type: string;
  original: File;
  clean: Blob | null;
  keep: boolean;
}

const PLAIN_TYPE = /^[a-z]+\/[a-z0-9.+-]{1,80}$/;

let chosen: Chosen[] = [];
let count = 0;
let reading: Promise<void> = Promise.resolve();

onWipe(forget);

export function forget(): void {
  chosen = [];
  count = 0;
}

export function watchFiles(): void {
  const input = find<HTMLInputElement>("#files");
  input.addEventListener("change", () => {
    const files = Array.from(input.files ?? []);
    input.value = "";
    const all = reading.then(async () => {
      for (const file of files) await add(file);
    });
    reading = all.catch(() => complain(text("error_other"))); // a file that cannot be read is not added
  });
  on("[data-act=files]", () => input.click());
}

/** Resolves when every chosen file has been read. */
export const filesReady = (): Promise<void> => reading;

async function add(file: File): Promise<void> {
  const read = await stripped(file);
  count += 1;
  const one: Chosen = {
    number: count,
    extension: read?.kind.extension ?? /\.([a-z0-9]{1,8})$/i.exec(file.name)?.[1]?.toLowerCase() ?? "bin",
    type: read?.kind.type ?? (PLAIN_TYPE.test(file.type) ? file.type : "application/octet-stream"),
    original: file,
    clean: read?.content ?? null,
    keep: false,
  };
  chosen.push(one);
  const row = copy("file");
  find("[data-name]", row).textContent = file.name;
  find("[data-size]", row).textContent = size(file.size);
  const note = text(one.clean ? "metadata_removed" : "metadata_unknown");
  find("[data-note]", row).textContent = note;
  const keep = find<HTMLInputElement>("[data-keep] input", row);
  if (!one.clean) find("[data-keep]", row).remove();
  else keep.addEventListener("change", () => (one.keep = keep.checked));
  const remove = find("[data-remove]", row);
  remove.setAttribute("aria-label", `${text("remove_file")}: ${file.name}`);
  remove.addEventListener("click", () => {
    chosen = chosen.filter((other) => other !== one);
    row.remove();
    find("[data-act=files]").focus();
  });
  find("#chosen").append(row);
  say(`${file.name}: ${note}`);
}

export const hasFiles = (): boolean => chosen.length > 0;

export const chosenFiles = (): { number: number; name: string }[] =>
  chosen.map(({ number, original }) => ({ number, name: original.name }));

/** The files as they will travel: without their names, which often hold a person, a place or a day. */
export function attachments(usesOf: (number: number) => Use[]): Attachment[] {
  return chosen.flatMap(({ number, extension, type, original, clean, keep }): Attachment[] => {
    const uses = usesOf(number);
    const name = `${number}.${extension}`;
    if (!clean) return [{ name, type, metadata: "unknown", content: original, uses }];
    const removed: Attachment = { name, type, metadata: "removed", content: clean, uses };
    const kept: Attachment = { name: `${number}-original.${extension}`, type, metadata: "kept", content: original, uses };
    return keep ? [removed, kept] : [removed];
  });
}

export function size(bytes: number): string {
  const mega = bytes / 2 ** 20;
  return mega >= 1 ? `${mega.toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} kB`;
}

