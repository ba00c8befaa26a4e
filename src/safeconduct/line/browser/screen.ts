// The page's only way to touch its document: one step shown at a time, texts from the page's own templates.
// Nothing typed or received is ever read as HTML.

const app = (): HTMLElement => document.getElementById("app")!;
const status = (): HTMLElement => document.getElementById("status")!;

export function find<E extends HTMLElement = HTMLElement>(selector: string, root: ParentNode = app()): E {
  const element = root.querySelector<E>(selector);
  if (!element) throw new Error(`the page has no ${selector}`);
  return element;
}

export function all<E extends HTMLElement = HTMLElement>(selector: string, root: ParentNode = app()): E[] {
  return Array.from(root.querySelectorAll<E>(selector));
}

export function copy(template: string, root: ParentNode = app()): HTMLElement {
  return find<HTMLTemplateElement & HTMLElement>(`template[data-copy="${template}"]`, root).content.firstElementChild!.cloneNode(
    true,
  ) as HTMLElement;
}

/** Put the pages of a language into the document. */
export function load(language: string): void {
  const template = document.getElementById(`app-${language}`) as HTMLTemplateElement;
  app().replaceChildren(template.content.cloneNode(true));
  document.documentElement.lang = template.lang;
  document.documentElement.dir = template.dir;
  document.title = text("title");
  for (const part of ["leave", "skip"]) document.getElementById(part)!.textContent = text(part);
}

export function text(key: string, values: Record<string, string | number> = {}): string {
  const words = find<HTMLTemplateElement & HTMLElement>("template[data-texts]").content.querySelector(`[data-key="${key}"]`);
  return (words?.textContent ?? "").replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

export function show(step: string): HTMLElement {
  for (const section of all("[data-step]")) section.hidden = section.dataset["step"] !== step;
  for (const extra of document.querySelectorAll<HTMLElement>("[data-with]")) {
    extra.hidden = !extra.dataset["with"]!.split(" ").includes(step);
  }
  complain("");
  const shown = find(`[data-step="${step}"]`);
  window.scrollTo(0, 0);
  find("h1", shown).focus({ preventScroll: true });
  return shown;
}

/** Say something to people who listen to the page; what is said is also shown elsewhere. */
export function say(words: string): void {
  if (status().textContent !== words) status().textContent = words;
}

/** Show what is wrong, in the step that is shown, and tell it to those who listen. */
export function complain(words: string, field?: HTMLElement): void {
  for (const place of all("[data-complaint]")) {
    const here = place.closest<HTMLElement>("[data-step]")?.hidden === false;
    place.textContent = here ? words : "";
    place.hidden = !(here && words);
  }
  for (const wrong of all("[aria-invalid]")) wrong.removeAttribute("aria-invalid");
  if (field) {
    field.setAttribute("aria-invalid", "true");
    field.focus();
  }
}

export function on(selector: string, act: () => void | Promise<void>): void {
  for (const button of all(selector)) button.addEventListener("click", () => void act());
}

/** Enter in a field of one line does what the step's main button does. */
export function submitOnEnter(): void {
  app().addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !(event.target instanceof HTMLInputElement)) return;
    if (event.target.type !== "text") return;
    event.preventDefault();
    event.target.closest("[data-step]")?.querySelector<HTMLElement>("[data-main]")?.click();
  });
}

/** Empty the document: fields first, so that no undo or autofill store keeps them. */
export function empty(): void {
  for (const field of document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input, textarea")) {
    if (field.type !== "checkbox" && field.type !== "radio") field.value = "";
  }
  app().replaceChildren();
  say("");
  for (const extra of document.querySelectorAll<HTMLElement>("[data-with]")) extra.remove();
}
