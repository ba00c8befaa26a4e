// Writing, sealing and sending a report, or an addition to one; then the twelve words.

import { type Bytes, type Keys, keys, random } from "../../envelope/envelope";
import { Failed, mailbox, passHeader, patiently, post, work } from "./client";
import { attachments, filesReady, forget, hasFiles } from "./files";
import { finish, onWipe } from "./leave";
import { type Part, PARTS, TooLarge, type Written } from "./letter";
import { pack } from "./parcel";
import { type Roster, today } from "./roster";
import { all, complain, copy, find, on, say, show, text } from "./screen";
import { drawUses, usesOf } from "./uses";
import { newSecret, read, wordsOf } from "./words";

const ERRORS: Record<string, string> = {
  network: "error_network",
  too_large: "error_too_large",
  mailbox_full: "error_full",
  bad_pass: "error_pass",
};
const ATTEMPTS = 3;
const CHECKED = 3; // words to type back

let secret: Bytes | null = null;
let addTo: Keys | null = null;
let parcel: Blob | null = null;
let saved = "";
let places: number[] = [];

onWipe(() => {
  secret?.fill(0);
  secret = addTo = parcel = null;
  places = [];
  if (saved) URL.revokeObjectURL(saved);
  saved = "";
});

export function watchReport(roster: Roster, portable: boolean, afterAddition: () => void): void {
  on("[data-act=to-uses]", toUses);
  on("[data-act=send]", () => send(roster, portable, afterAddition));
  on("[data-act=to-form]", () => void show("form"));
  on("[data-act=to-check]", ask);
  on("[data-act=to-words]", () => void show("words"));
  on("[data-act=check]", check);
  on("[data-act=finish]", () => finish(portable));
  on("[data-act=save]", save);
}

/** Show the form: for a report, or for an addition to the mailbox of these keys. */
export function write(to: Keys | null): void {
  addTo = to;
  for (const title of all("[data-title]")) title.hidden = (title.dataset["title"] === "addition") !== (to !== null);
  if (to) find("[data-pass]").hidden = true;
  show("form");
}

const fields = (): HTMLTextAreaElement[] => all<HTMLTextAreaElement>("textarea[data-part]");

function parts(): [Part, string][] {
  return fields()
    .map((field): [Part, string] => [field.dataset["part"] as Part, field.value.trim()])
    .filter(([part, words]) => PARTS.includes(part) && words !== "");
}

async function toUses(): Promise<void> {
  await filesReady();
  const answered = parts();
  if (answered.length === 0 && !hasFiles()) {
    complain(text("empty_report"));
    return;
  }
  drawUses(answered.map(([part]) => [part, text(part)]));
  show("uses");
}

function letter(): Written {
  const answered = parts();
  return {
    type: addTo ? "addition" : "report",
    language: document.documentElement.lang,
    written: today(),
    parts: Object.fromEntries(answered),
    uses: Object.fromEntries(answered.map(([part]) => [part, usesOf(part)])),
    attachments: attachments((number) => usesOf(`file-${number}`)),
  };
}

function progress(words: string): (done: number) => void {
  const bar = find<HTMLProgressElement & HTMLElement>("#progress");
  find("#progress-text").textContent = words;
  say(words);
  bar.value = 0;
  let told = 0;
  return (done) => {
    bar.value = done;
    if (done - told < 0.25) return;
    told = done;
    say(`${words} ${Math.round(done * 100)} %`);
  };
}

async function send(roster: Roster, portable: boolean, afterAddition: () => void): Promise<void> {
  const typed = find<HTMLInputElement>("#pass").value.trim();
  const pass = typed && !addTo ? passHeader(typed) : null;
  if (typed && !addTo && !pass) {
    complain(text("error_pass"), find("#pass"));
    return;
  }
  show("working");
  const sealing = progress(text("working"));
  await new Promise((resume) => setTimeout(resume, 50)); // let the browser draw that before it has to think
  try {
    secret ??= addTo ? null : newSecret();
    const to = addTo ?? (await keys(secret!, roster.signer));
    parcel = await pack(letter(), to, roster, sealing);
    if (portable) save();
    else await deliver(parcel, to, pass);
  } catch (error) {
    const code = error instanceof TooLarge ? "too_large" : error instanceof Failed ? error.code : "other";
    show(code === "too_large" ? "form" : "uses");
    complain(text(ERRORS[code] ?? "error_other"), code === "bad_pass" ? find("#pass") : undefined);
    return;
  }
  clear();
  if (addTo) afterAddition();
  else showWords();
}

/** Post the parcel until it is accepted. What the person can do something about is thrown; a lost connection is waited for. */
async function deliver(sealed: Blob, to: Keys, pass: string | null): Promise<void> {
  let header: Record<string, string> = pass ? { "Line-Pass": pass } : {};
  let working = !pass && !addTo;
  for (let attempts = 0; ; ) {
    try {
      if (working) header = { "Line-Work": await work(to.mailbox, progress(text("working"))) };
      await patiently(
        () => post(sealed, header, progress(text("sending"))),
        () => complain(text("error_busy")),
      );
      return;
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      if (error.code === "work_needed" && ++attempts < ATTEMPTS) {
        working = true;
      } else if (error.code === "network") {
        complain(text("error_network"));
        await clicked(find("[data-retry]"));
        complain("");
        if (!addTo && (await arrived(to))) return;
      } else {
        throw error;
      }
    }
  }
}

/** Whether a report came through although its answer was lost: only it can have opened this mailbox. */
async function arrived(to: Keys): Promise<boolean> {
  try {
    return (await mailbox(to, 0)).found;
  } catch {
    return false;
  }
}

function clicked(button: HTMLElement): Promise<void> {
  button.hidden = false;
  button.focus();
  return new Promise((resolve) => {
    button.onclick = () => {
      button.hidden = true;
      find("#progress-text").focus();
      resolve();
    };
  });
}

/** What was written is gone from the page as soon as it is sent. */
function clear(): void {
  for (const field of [...fields(), find<HTMLInputElement>("#pass")]) field.value = "";
  for (const box of all<HTMLInputElement>("input[data-use]:not(:disabled), #each")) box.checked = false;
  find("#chosen").replaceChildren();
  find("#uses-each").replaceChildren();
  forget();
}

function save(): void {
  if (!parcel) return;
  if (!saved) saved = URL.createObjectURL(parcel);
  const link = document.createElement("a");
  link.href = saved;
  link.download = "report.parcel";
  link.click();
}

function showWords(): void {
  const list = find("#words");
  list.replaceChildren(
    ...wordsOf(secret!).map(({ text: word, number }) => {
      const row = copy("word");
      find("[data-word]", row).textContent = word;
      find("[data-number]", row).textContent = String(number);
      return row;
    }),
  );
  show("words");
}

function ask(): void {
  places = [];
  while (places.length < CHECKED) {
    const place = random(1)[0]! % 12;
    if (!places.includes(place)) places.push(place);
  }
  places.sort((a, b) => a - b);
  all("#check label").forEach((label, i) => {
    find("span", label).textContent = text("words_place", { number: places[i]! + 1 });
    find<HTMLInputElement>("input", label).value = "";
  });
  show("check");
}

function check(): void {
  const right = wordsOf(secret!);
  const wrong = all<HTMLInputElement>("#check input").find((field, i) => read(field.value) !== right[places[i]!]!.text);
  if (wrong) {
    complain(text("words_wrong"), wrong);
    return;
  }
  for (const field of all<HTMLInputElement>("#check input")) field.value = "";
  find("#words").replaceChildren();
  secret?.fill(0);
  show("done");
}

