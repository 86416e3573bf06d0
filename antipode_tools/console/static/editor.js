// The operation that is sent: ready ones, mistakes as one types, and a button for each Region.

import { ask, Refused } from "./ask.js";
import { fill, make, pretty } from "./dom.js";
import { parsed } from "./variables.js";

const PAUSE_MS = 150;

export class Editor {
  constructor(app) {
    this.app = app;
    this.kind = "";
    this.choice = make("select", { id: "ready", onchange: () => this.#choose() });
    this.text = make("textarea.code", {
      id: "document",
      "aria-label": "Document",
      spellcheck: false,
      rows: 14,
      "aria-describedby": "problems",
      oninput: () => this.#typed(),
      onscroll: () => (this.numbers.scrollTop = this.text.scrollTop),
      onkeydown: (event) => this.#keyed(event),
    });
    this.numbers = make("pre.numbers", { "aria-hidden": "true" });
    this.variables = make("textarea.code", {
      id: "variables",
      spellcheck: false,
      rows: 6,
      oninput: () => this.#typed(),
      onkeydown: (event) => this.#keyed(event),
    });
    this.problems = make("ul.errors", { id: "problems", role: "status" });
    this.buttons = new Map(app.regions.map((region, number) => [region, this.#button(region, number)]));
    this.element = make(
      "section.editor",
      { "aria-label": "Editor" },
      make("label", { for: "ready" }, "Operation"),
      this.choice,
      make(".lines", {}, this.numbers, this.text),
      this.problems,
      make("label", { for: "variables" }, "Variables"),
      this.variables,
      make(".buttons", {}, ...this.buttons.values()),
    );
    this.#name();
    this.#offer();
  }

  /** Shows the ready operations, once they are known. */
  #offer() {
    const groups = Map.groupBy(this.app.ready, (each) => each.kind);
    fill(
      this.choice,
      [...groups].map(([kind, operations]) =>
        make(
          "optgroup",
          { label: { query: "Queries", mutation: "Mutations", subscription: "Subscriptions" }[kind] },
          operations.map((each) => make("option", { value: each.name }, each.name)),
        ),
      ),
    );
    const first = this.app.ready.find((each) => each.name.startsWith("create")) ?? this.app.ready[0];
    const { document: text, choice } = this.app.draft ?? {};
    const chosen = this.app.ready.find((each) => each.name === choice) ?? first;
    if (text !== undefined) {
      Object.assign(this.text, { value: text });
      Object.assign(this.variables, { value: this.app.draft.variables });
      this.choice.value = this.app.draft.choice;
      this.#typed();
    } else if (chosen) {
      this.choice.value = chosen.name;
      this.#choose();
    } else {
      this.#typed();
    }
  }

  #choose() {
    const chosen = this.app.ready.find((each) => each.name === this.choice.value);
    this.text.value = chosen.document.trimEnd();
    this.variables.value = pretty(this.#ofLast(chosen));
    this.#typed();
  }

  /** Variables that name the last item that was heard of, which is there to be read and changed. */
  #ofLast({ name, variables }) {
    const model = /^(?:get|update|delete)(.+)$/.exec(name)?.[1];
    const last = this.app.feed.lastOf(model);
    if (!last || !this.app.keys.has(model)) return variables;
    const known = Object.fromEntries(this.app.keys.get(model).map((field) => [field, last[field]]));
    return variables.input ? { ...variables, input: { ...variables.input, ...known } } : { ...variables, ...known };
  }

  #typed() {
    this.app.draft = {
      document: this.text.value,
      variables: this.variables.value,
      choice: this.choice.value,
    };
    const lines = this.text.value.split("\n").length;
    this.numbers.textContent = Array.from({ length: lines }, (_, line) => line + 1).join("\n");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#check(), PAUSE_MS);
  }

  async #check() {
    this.checking?.abort();
    this.checking = new AbortController();
    let checked;
    try {
      checked = await ask("check", { document: this.text.value }, { signal: this.checking.signal });
    } catch (error) {
      if (error instanceof Refused) this.#show([{ message: error.message }], "");
      return;
    }
    const problems = [...checked.problems];
    const wrong = parsed(this.variables.value).problem;
    if (wrong) problems.push({ message: `variables: ${wrong}` });
    this.#show(problems, checked.kind);
  }

  #show(problems, kind) {
    this.kind = kind;
    this.text.setAttribute("aria-invalid", String(problems.some((each) => each.line)));
    fill(
      this.problems,
      problems.map((each) =>
        each.line
          ? make(
              "li",
              {},
              make(
                "button.quiet",
                { type: "button", onclick: () => this.#goTo(each) },
                `${each.line}:${each.column}`,
              ),
              ` ${each.message}`,
            )
          : make("li", {}, each.message),
      ),
    );
    const wrong = new Set(problems.map((each) => each.line));
    fill(
      this.numbers,
      this.text.value
        .split("\n")
        .map((_, line) => make(wrong.has(line + 1) ? "span.wrong" : "span", {}, `${line + 1}\n`)),
    );
    this.#name();
  }

  #button(region, number) {
    return make(`button.primary.region-${number}`, {
      type: "button",
      title: number < 9 ? `Alt+${number + 1}` : null,
      onclick: () => this.run(region),
    });
  }

  /** The buttons stay while one types: one that is made anew under a pointer hears no click. */
  #name() {
    const verb = this.kind === "subscription" ? "Subscribe in" : "Run in";
    for (const [region, button] of this.buttons) button.textContent = `${verb} ${region.name}`;
  }

  #goTo({ line, column }) {
    const before = this.text.value.split("\n").slice(0, line - 1);
    const at = before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
    this.text.focus();
    this.text.setSelectionRange(at, at);
  }

  #keyed(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.run(this.app.lastRegion ?? this.app.regions[0]);
    }
  }

  /** Sends the operation as it stands: what is wrong with it, the Region says, too. */
  async run(region) {
    this.app.lastRegion = region;
    const { value: variables, problem } = parsed(this.variables.value);
    if (problem) return;
    const document = this.text.value;
    if (/^\s*subscription\b/m.test(document)) {
      this.app.subscribe(region, document, variables);
      return;
    }
    await this.app.send(region, document, variables);
  }
}
