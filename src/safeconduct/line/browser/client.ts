// What the page asks of the server. Nothing else in the page talks to anybody.

import { b64, joined, type Keys, random, search, unb64 } from "../../envelope/envelope";

export class Failed extends Error {
  constructor(
    readonly code: string,
    readonly wait = 0,
  ) {
    super(code);
  }
}

export interface Entry {
  id: Uint8Array;
  answer: boolean;
  day: string;
  file: Uint8Array;
}

export interface Listing {
  found: boolean;
  older: boolean;
  entries: Entry[];
}

const MAILBOX_ANSWER = 65536;
const SLICE = 60; // milliseconds of work after which the page may breathe

async function ask(path: string, body?: BodyInit): Promise<Response> {
  const init: RequestInit = { cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer", redirect: "error" };
  const response = await fetch(path, body === undefined ? init : { ...init, method: "POST", body }).catch(() => {
    throw new Failed("network");
  });
  if (!response.ok) throw failure(response.status, await response.text(), response.headers.get("Retry-After"));
  return response;
}

function failure(status: number, text: string, after: string | null): Failed {
  try {
    return new Failed(String((JSON.parse(text) as { error: string }).error), Number(after) || 0);
  } catch {
    return new Failed(status === 503 ? "busy" : status === 413 ? "too_large" : "other", Number(after) || 0);
  }
}

/** Do the work that a new mailbox costs; `progress` hears how likely it was to be done by now. */
export async function work(mailbox: Uint8Array, progress: (done: number) => void): Promise<string> {
  const task = (await (await ask("/work")).json()) as { challenge: string; bits: number };
  const challenge = unb64(task.challenge, 16);
  let from = 0;
  for (;;) {
    const until = performance.now() + SLICE;
    while (performance.now() < until) {
      const nonce = search(challenge, mailbox, task.bits, from, 16);
      if (nonce !== null) return `${task.challenge}.${nonce}`;
      from += 16;
    }
    progress(1 - Math.exp(-from / 2 ** task.bits));
    await new Promise((resume) => setTimeout(resume));
  }
}

/** Post a parcel. Resolves when the server has it on disk. */
export function post(parcel: Blob, header: Record<string, string>, progress: (done: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch does not tell how much of a body has gone
    request.open("POST", "/parcel");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    for (const [name, value] of Object.entries(header)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => progress(event.loaded / parcel.size);
    request.onerror = request.ontimeout = () => reject(new Failed("network"));
    request.onload = () => {
      if (request.status === 201) resolve();
      else reject(failure(request.status, request.responseText, request.getResponseHeader("Retry-After")));
    };
    request.send(parcel);
  });
}

/** Ask again by ourselves while the server is too busy; `busy` hears of it. */
export async function patiently<T>(request: () => Promise<T>, busy: () => void): Promise<T> {
  for (;;) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof Failed) || !["busy", "disk_full"].includes(error.code)) throw error;
      busy();
      const spread = random(1)[0]! / 64; // so that not everybody comes back at once
      await new Promise((resume) => setTimeout(resume, (Math.max(error.wait, 4) + spread) * 1000));
    }
  }
}

export async function mailbox(keys: Keys, page: number): Promise<Listing> {
  const number = new DataView(new ArrayBuffer(4));
  number.setUint32(0, page);
  const response = await ask("/mailbox", joined(keys.mailbox, keys.token, new Uint8Array(number.buffer)));
  return readListing(new Uint8Array(await response.arrayBuffer()));
}

export async function remove(keys: Keys, id: Uint8Array): Promise<void> {
  await ask("/mailbox/delete", joined(keys.mailbox, keys.token, id));
}

export function readListing(bytes: Uint8Array): Listing {
  if (bytes.length !== MAILBOX_ANSWER) throw new Failed("other");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries: Entry[] = [];
  let at = 4;
  try {
    for (let left = view.getUint16(2); left > 0; left--) {
      const length = view.getUint32(at + 21);
      if (at + 25 + length > bytes.length) throw new RangeError();
      entries.push({
        id: bytes.slice(at, at + 16),
        answer: bytes[at + 16] === 1,
        day: new Date(view.getUint32(at + 17) * 86_400_000).toISOString().slice(0, 10),
        file: bytes.subarray(at + 25, at + 25 + length),
      });
      at += 25 + length;
    }
  } catch {
    throw new Failed("other");
  }
  return { found: bytes[0] === 1, older: bytes[1] === 1, entries };
}

export const passHeader = (typed: string): string | null => {
  const pass = typed.replace(/\s+/g, "");
  try {
    return b64(unb64(pass, 16));
  } catch {
    return null;
  }
};
