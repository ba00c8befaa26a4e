// What each part may be used for: one choice for the whole report, or one for each part.

import { chosenFiles } from "./files";
import type { Part, Use } from "./letter";
import { all, copy, find } from "./screen";

const MORE: Use[] = ["refer", "count", "register"];
const PRIVATE: Part = "contact"; // how to reach somebody is never counted and never public

const each = (): HTMLInputElement => find<HTMLInputElement>("#each");

export function watchUses(): void {
  each().addEventListener("change", () => {
    for (const box of all<HTMLInputElement>("#uses-each input[data-use]")) {
      box.checked = whole().includes(box.dataset["use"] as Use);
    }
    arrange();
  });
}

/** Draw one set of choices for each answered part. They begin with what was chosen for the whole. */
export function drawUses(parts: [Part, string][]): void {
  const files = chosenFiles().map(({ number, name }): [string, string] => [`file-${number}`, name]);
  const place = find("#uses-each");
  const boxes = all<HTMLInputElement>("input[data-use]", place);
  const before = new Map(boxes.map((box) => [box.dataset["for"]! + box.dataset["use"]!, box.checked]));
  place.replaceChildren(
    ...[...parts, ...files].map(([part, name]) => {
      const set = copy("uses");
      find("legend", set).textContent = name;
      for (const box of all<HTMLInputElement>("input[data-use]", set)) {
        const use = box.dataset["use"]!;
        box.dataset["for"] = part;
        box.checked = before.get(part + use) ?? whole().includes(use as Use);
        if (part === PRIVATE && (use === "count" || use === "register")) box.closest("label")!.remove();
      }
      return set;
    }),
  );
  arrange();
}

function arrange(): void {
  find("#uses-whole").hidden = each().checked;
  find("#uses-each").hidden = !each().checked;
}

const whole = (): Use[] => ticked("#uses-whole input[data-use]");

const ticked = (selector: string): Use[] =>
  all<HTMLInputElement>(selector).filter((box) => box.checked).map((box) => box.dataset["use"] as Use);

export function usesOf(part: string): Use[] {
  const more = each().checked ? ticked(`#uses-each input[data-for="${part}"]`) : whole();
  const may = part === PRIVATE ? ["refer"] : MORE;
  return ["help", ...more.filter((use) => may.includes(use))];
}
