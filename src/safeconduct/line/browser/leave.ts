// Going away: whatever was written, shown or derived is dropped first.

import { all, empty, text } from "./screen";

const ESCAPES = 3;
const WITHIN = 2000; // milliseconds

const drops: (() => void)[] = [];

/** Run this when the page is wiped: it zeroes keys and lets go of what it holds. */
export function onWipe(drop: () => void): void {
  drops.push(drop);
}

export function wipe(): void {
  for (const drop of drops) drop();
  empty();
}

/** Wipe, then show that the page is empty: on a page of its own if there is a server, so that the browser drops this one. */
export function finish(portable: boolean): void {
  const words = text("wiped");
  const after = document.documentElement.dataset["after"];
  wipe();
  if (after && !portable) {
    location.replace(after);
    return;
  }
  const line = document.createElement("p");
  line.textContent = words;
  line.tabIndex = -1;
  document.getElementById("app")!.append(line);
  line.focus();
}

export function watch(): void {
  const link = document.getElementById("leave") as HTMLAnchorElement;
  const away = () => {
    wipe();
    document.body.replaceChildren();
    location.replace(link.href);
  };
  link.addEventListener("click", (event) => {
    event.preventDefault();
    away();
  });
  let pressed: number[] = [];
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    pressed = [...pressed, event.timeStamp].slice(-ESCAPES);
    if (pressed.length === ESCAPES && event.timeStamp - pressed[0]! < WITHIN) away();
  });
  // Browsers may keep a page they left, to show it again: they shall have nothing to show.
  addEventListener("pagehide", wipe);
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    if (!all('input[type="file"]').includes(event.target as HTMLElement)) event.preventDefault();
  });
}

