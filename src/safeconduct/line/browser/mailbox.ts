// Coming back with the twelve words: read, write more, delete, close.

import { type Keys, keys, open } from "../../envelope/envelope";
import { type Entry, Failed, mailbox, patiently, remove } from "./client";
import { finish, onWipe } from "./leave";
import { type Answer, readAnswer } from "./letter";
import { write } from "./report";
import type { Roster } from "./roster";
import { all, complain, copy, find, on, say, show, text } from "./screen";
import { secretOf } from "./words";

interface Shown {
  row: HTMLElement;
  answer: Answer | null;
}

let mine: Keys | null = null;
let page = 0;
let shown: Shown[] = [];

onWipe(() => {
  mine?.token.fill(0);
  mine?.mailbox.fill(0);
  mine = null;
  shown = [];
});

export function watchMailbox(roster: Roster): void {
  on("[data-act=open]", () => enter(roster));
  on("[data-act=older]", () => attempt(() => older(roster)));
  on("[data-act=add]", () => write(mine));
  on("[data-act=close]", () => finish(false));
  on("[data-act=back-to-mailbox]", () => refresh(roster));
  on("[data-act=delete-all]", () => confirm(find("#all"), find("[data-act=delete-all]"), () => removeAll()));
}

async function enter(roster: Roster): Promise<void> {
  const field = find<HTMLTextAreaElement>("#typed");
  const secret = secretOf(field.value);
  if (!secret) {
    complain(text("words_bad"), field);
    return;
  }
  await attempt(async () => {
    mine = await keys(secret, roster.signer);
    secret.fill(0);
    await list(roster);
    field.value = "";
  });
}

export async function refresh(roster: Roster, words = ""): Promise<void> {
  await attempt(() => list(roster));
  find("#notice").textContent = words;
  say(words);
}

async function attempt(request: () => Promise<void>): Promise<void> {
  complain("");
  try {
    await request();
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    complain(text(error.code === "network" ? "error_network" : "error_other"));
  }
}

async function list(roster: Roster): Promise<void> {
  shown = [];
  const before = find("#messages");
  const rows = before.cloneNode(false) as HTMLElement;
  await more(roster, 0, rows);
  before.replaceWith(rows);
  show("mailbox");
}

async function older(roster: Roster): Promise<void> {
  const before = shown.length;
  await more(roster, page + 1);
  const next = shown[before];
  if (next) find("h2", next.row).focus();
}

async function more(roster: Roster, number: number, rows = find("#messages")): Promise<void> {
  const listing = await patiently(
    () => mailbox(mine!, number),
    () => complain(text("error_busy")),
  );
  page = number;
  for (const entry of listing.entries) {
    const one = await draw(entry, roster);
    rows.append(one.row);
    shown.push(one);
  }
  markGaps(listing.older);
  find("[data-act=older]").hidden = !listing.older;
  find("#with-mailbox").hidden = !listing.found;
  const answers = shown.some(({ row }) => row.dataset["kind"] === "answer");
  find("#notice").textContent = listing.found ? (answers || listing.older ? "" : text("mailbox_empty")) : text("mailbox_none");
}

async function draw(entry: Entry, roster: Roster): Promise<Shown> {
  const row = copy("message");
  row.dataset["kind"] = entry.answer ? "answer" : "mine";
  const answer = entry.answer ? await readEntry(entry, roster) : null;
  const title = text(entry.answer ? "from_us" : "from_you");
  const day = answer?.written ?? entry.day;
  find("h2", row).textContent = title;
  find("time", row).textContent = day;
  find("time", row).setAttribute("datetime", day);
  const body = find("[data-text]", row);
  if (answer) body.textContent = answer.text;
  else if (entry.answer) body.textContent = text("not_genuine");
  else body.remove();
  row.classList.toggle("doubtful", entry.answer && !answer);
  const button = find("[data-delete]", row);
  button.setAttribute("aria-label", `${button.textContent}: ${title}, ${day}`);
  button.addEventListener("click", () => confirm(find("[data-confirm]", row), button, () => removeOne(entry.id, roster)));
  return { row, answer };
}

/** The answer in an entry; null if it fails any check, and then nothing of it is shown. */
async function readEntry(entry: Entry, roster: Roster): Promise<Answer | null> {
  try {
    return readAnswer(await open(entry.file, mine!.identity), roster, mine!);
  } catch {
    return null;
  }
}

/** Answers are numbered without gaps: say so where one is missing. */
function markGaps(older: boolean): void {
  const numbers = shown.flatMap(({ answer }) => (answer ? [answer.number] : []));
  const lowest = Math.min(...numbers);
  for (const { row, answer } of shown) {
    const expected = answer !== null && answer.number > 1 && !numbers.includes(answer.number - 1);
    find("[data-gap]", row).hidden = !expected || (older && answer.number === lowest);
  }
}

function confirm(place: HTMLElement, opener: HTMLElement, act: () => Promise<void>): void {
  const question = copy("confirm");
  const close = () => {
    place.replaceChildren();
    opener.hidden = false;
  };
  find("[data-yes]", question).addEventListener("click", () => void attempt(act));
  find("[data-no]", question).addEventListener("click", () => {
    close();
    opener.focus();
  });
  for (const other of all("[data-no]")) other.click();
  opener.hidden = true;
  place.replaceChildren(question);
  find("[data-no]", question).focus();
}

async function removeOne(id: Uint8Array, roster: Roster): Promise<void> {
  await patiently(
    () => remove(mine!, id),
    () => complain(text("error_busy")),
  );
  await refresh(roster, text("deleted"));
}

async function removeAll(): Promise<void> {
  await patiently(
    () => remove(mine!, new Uint8Array(0)),
    () => complain(text("error_busy")),
  );
  shown = [];
  find("#messages").replaceChildren();
  find("#with-mailbox").hidden = true;
  find("[data-act=older]").hidden = true;
  find("#notice").textContent = text("deleted");
  say(text("deleted"));
  find("[data-act=close]").focus();
}

