// @ts-check

/** The model builder: a control for each choice that Rust lists, what differs from the study marked, and one click back. */

import { accepted, counted, element, part } from "./dom.js";
import { closing } from "./places.js";

/**
 * @import { State } from "./state.js"
 * @import { ChoiceReport, GroupReport, Refusal } from "./types.js"
 */

/** Choices that are all seen at once; more are in a list. */
const FEW = 5;

export class Builder {
  #place;
  #state;
  /** What brings a control in line with the state. @type {(() => void)[]} */
  #updates = [];
  /** @type {string[]} */
  #keys;

  /** @param {HTMLElement} place @param {State} state @param {GroupReport[]} groups */
  constructor(place, state, groups) {
    this.#place = place;
    this.#state = state;
    this.#keys = groups.flatMap(({ choices }) => choices.map(({ key }) => key));
    part(place, "choices").replaceChildren(...groups.map((group) => this.#group(group)));
    const change = part(place, "change");
    change.addEventListener("click", () => this.#open(change.parentElement));
    closing(place, () => this.#open(null));
    part(place, "reset").addEventListener("click", () => {
      state.set(Object.fromEntries(this.#keys.map((key) => [key, undefined])));
    });
    state.subscribe(() => this.#update());
    this.#update();
  }

  /** Says what differs, and which models cannot be estimated. @param {Refusal[]} refusals */
  tell(refusals) {
    const items = refusals.map(({ label, reason }) => element("li", {}, element("b", {}, label), ` ${reason}.`));
    part(this.#place, "refusals").replaceChildren(
      ...(items.length
        ? [element("p", {}, `${items.length} of the models cannot be estimated with these choices.`), element("ul", {}, ...items)]
        : []),
    );
  }

  #update() {
    for (const update of this.#updates) update();
    const changed = this.#keys.filter((key) => this.#state.get(key) !== undefined).length;
    part(this.#place, "count").replaceChildren(
      ...(changed
        ? [counted(changed, "choice differs", "choices differ"), element("span", { class: "rest" }, " from the study")]
        : ["as the study has it"]),
    );
    part(this.#place, "reset").hidden = !changed;
    this.#place.classList.toggle("differs", changed > 0);
  }

  /** Opens the bar, or one of its groups, and closes what is open. @param {HTMLElement | null} opened */
  #open(opened) {
    for (const one of [this.#place, ...this.#place.querySelectorAll(".group")]) {
      const open = one === opened && !one.classList.contains("open");
      one.classList.toggle("open", open);
      one.querySelector(":scope > [aria-controls]")?.setAttribute("aria-expanded", String(open));
    }
  }

  /** A group of choices, behind its name. @param {GroupReport} group */
  #group({ label, choices }) {
    const id = `choices-${choices[0].key}`;
    const button = element("button", { type: "button", "aria-expanded": "false", "aria-controls": id }, label);
    const made = choices.map((choice) => this.#choice(choice));
    const group = element("div", { class: "group" }, button, element("fieldset", { id }, element("legend", {}, label), ...made));
    button.addEventListener("click", () => this.#open(group));
    const keys = choices.map(({ key }) => key);
    this.#updates.push(() => group.classList.toggle("changed", keys.some((key) => this.#state.get(key) !== undefined)));
    return group;
  }

  /** @param {ChoiceReport} choice */
  #choice(choice) {
    const { key, label, help } = choice;
    const set = (/** @type {string} */ value) => this.#state.set({ [key]: value === choice.default ? undefined : value });
    const value = () => this.#state.get(key) ?? choice.default;
    const back = element("button", { type: "button", class: "back" }, "back to the study’s");
    back.setAttribute("aria-label", `${label}: back to the study’s`);
    back.addEventListener("click", () => set(choice.default));
    const makers = /** @type {Record<string, () => HTMLElement[]>} */ ({
      one: () => this.#one(choice, value, set),
      without: () => this.#without(choice, value, set),
      years: () => this.#years(choice, value, set),
      number: () => this.#number(choice, value, set),
    });
    const made = element("div", { class: "choice", title: help }, ...makers[choice.kind](), back);
    this.#updates.push(() => {
      const changed = this.#state.get(key) !== undefined;
      made.classList.toggle("changed", changed);
      back.hidden = !changed;
    });
    return made;
  }

  /** A few are all seen at once, more are in a list. @param {ChoiceReport} choice @param {() => string} value @param {(value: string) => void} set */
  #one({ key, label, options }, value, set) {
    const help = element("small");
    const about = () => options.find((one) => one.key === value())?.help ?? "";
    this.#updates.push(() => (help.textContent = about()));
    if (options.length > FEW) {
      const select = element("select", {}, ...options.map((one) => element("option", { value: one.key }, one.label)));
      select.addEventListener("change", () => set(select.value));
      this.#updates.push(() => (select.value = value()));
      return [element("label", {}, element("span", { class: "name" }, label), select), help];
    }
    const name = `choice-${key}`;
    const inputs = options.map((one) => element("input", { type: "radio", name, value: one.key }));
    for (const input of inputs) input.addEventListener("change", () => set(input.value));
    this.#updates.push(() => {
      for (const input of inputs) input.checked = input.value === value();
    });
    const ticks = inputs.map((input, at) => element("label", { class: "option" }, input, ` ${options[at].label}`));
    const named = element("span", { class: "name", id: `${name}-name` }, label);
    return [named, element("div", { role: "radiogroup", "aria-labelledby": named.id }, ...ticks), help];
  }

  /** @param {ChoiceReport} choice @param {() => string} value @param {(value: string) => void} set */
  #without({ options }, value, set) {
    const out = () => new Set(value().split(",").filter(Boolean));
    const write = (/** @type {Set<string>} */ left) =>
      set(options.map(({ key }) => key).filter((key) => left.has(key)).join(","));
    const change = (/** @type {string[]} */ keys, /** @type {boolean} */ keep) => {
      const left = out();
      for (const key of keys) {
        if (keep) left.delete(key);
        else left.add(key);
      }
      write(left);
    };
    const names = [...new Set(options.map(({ group }) => group ?? ""))];
    return names.map((name) => {
      const members = options.filter(({ group }) => group === name);
      const keys = members.map(({ key }) => key);
      const all = element("input", { type: "checkbox" });
      all.addEventListener("change", () => change(keys, all.checked));
      const boxes = members.map(({ key, label, help }) => {
        const box = element("input", { type: "checkbox" });
        box.addEventListener("change", () => change([key], box.checked));
        this.#updates.push(() => (box.checked = !out().has(key)));
        return element("label", { class: "tick", title: help }, box, ` ${label}`);
      });
      this.#updates.push(() => {
        const kept = keys.filter((key) => !out().has(key)).length;
        all.checked = kept > 0;
        all.indeterminate = kept > 0 && kept < keys.length;
      });
      return element("div", { class: "ticks" }, element("label", { class: "tick all" }, all, ` ${name}`), ...boxes);
    });
  }

  /** @param {ChoiceReport} choice @param {() => string} value @param {(value: string) => void} set */
  #years({ label, min, max }, value, set) {
    const make = (/** @type {string} */ words) => element("input", {
      type: "number", inputmode: "numeric", min: String(min), max: String(max), required: "",
      "aria-label": `${label}, ${words}`,
    });
    const [first, last] = [make("first"), make("last")];
    const changed = () => {
      const order = Number(first.value) > Number(last.value) ? "The earlier year comes first." : "";
      if (accepted(first) && accepted(last, order)) set(`${Number(first.value)}-${Number(last.value)}`);
    };
    for (const input of [first, last]) input.addEventListener("change", changed);
    this.#updates.push(() => ([first.value, last.value] = value().split("-")));
    return [element("div", { class: "years" }, element("span", { class: "name" }, label), first, " to ", last)];
  }

  /** @param {ChoiceReport} choice @param {() => string} value @param {(value: string) => void} set */
  #number({ label, min, max }, value, set) {
    const bounds = { min: String(min), max: String(max) };
    const input = element("input", { type: "number", inputmode: "numeric", required: "", ...bounds });
    input.addEventListener("change", () => accepted(input) && set(String(Number(input.value))));
    this.#updates.push(() => (input.value = value()));
    return [element("label", {}, element("span", { class: "name" }, label), input)];
  }
}
