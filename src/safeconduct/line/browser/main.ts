// Where the page begins: check the roster, show its signer's six words, wait for a choice.

import { fingerprint } from "../../envelope/envelope";
import { watchFiles } from "./files";
import { watch } from "./leave";
import { refresh, watchMailbox } from "./mailbox";
import { watchReport, write } from "./report";
import { readRoster, type Roster, today } from "./roster";
import { all, complain, copy, find, load, on, show, submitOnEnter, text } from "./screen";
import { watchUses } from "./uses";
import { wordAt } from "./words";

const portable = document.documentElement.dataset["portable"] !== undefined;

function roster(): Roster | null {
  const template = document.getElementById("roster") as HTMLTemplateElement;
  try {
    return readRoster(template.content.textContent ?? "", today());
  } catch {
    return null;
  }
}

function begin(language: string, checked: Roster | null): void {
  load(language);
  for (const button of all("[data-language]")) {
    button.addEventListener("click", () => begin(button.dataset["language"]!, checked));
  }
  show("intro");
  if (!checked) {
    for (const choice of all("[data-choice]")) choice.hidden = true;
    complain(text("error_roster"));
    return;
  }
  for (const place of all(".six")) {
    place.replaceChildren(
      ...fingerprint(checked.signer).map((index) => {
        const word = copy("word");
        find("[data-word]", word).textContent = wordAt(index).text;
        find("[data-number]", word).textContent = String(wordAt(index).number);
        return word;
      }),
    );
  }
  for (const address of checked.addresses) {
    const line = document.createElement("li");
    line.textContent = address;
    find("#addresses").append(line);
  }
  on("[data-act=to-intro]", () => void show("intro"));
  on("[data-act=to-warning]", () => void show("warning"));
  on("[data-act=to-report]", () => write(null));
  on("[data-act=to-enter]", () => void show("enter"));
  watchFiles();
  watchUses();
  watchReport(checked, portable, () => void refresh(checked, text("sent")));
  if (!portable) watchMailbox(checked);
}

/** Without streams a browser cannot lock anything; it then keeps showing what it shows without scripts. */
const able = typeof TransformStream === "function" && typeof Blob.prototype.stream === "function";

if (able) {
  watch();
  submitOnEnter();
  begin(document.documentElement.lang, roster());
}
