// The walkthrough of the AWS post in one window: write in one column, see it in the other.

import { ask } from "./ask.js";
import { Column } from "./columns.js";
import { make } from "./dom.js";
import { Editor } from "./editor.js";

const PING_MS = 10_000;

export class RegionsView {
  constructor(app) {
    this.app = app;
    this.columns = new Map(
      app.regions.map((region, number) => [region.name, new Column(region, number, app)]),
    );
    this.editor = new Editor(app);
    this.element = make(
      ".regions-view",
      {},
      this.editor.element,
      make(
        ".side",
        {},
        this.#models(),
        make(".columns", {}, [...this.columns.values()].map((column) => column.element)),
      ),
    );
    this.#pingAll();
    this.timer = setInterval(() => this.#pingAll(), PING_MS);
  }

  close() {
    clearInterval(this.timer);
    for (const column of this.columns.values()) column.close();
  }

  /** Alt and a number runs the operation in that Region. */
  keyed(event) {
    const region = event.altKey && this.app.regions[Number(event.key) - 1];
    if (region) {
      event.preventDefault();
      this.editor.run(region);
    }
  }

  #models() {
    const { models, problem } = this.app;
    if (problem) return make("p.notice.bad", { role: "alert" }, problem);
    if (!models.length) {
      return make("p.notice", {}, "This API has no models, so nothing is announced: operations can still be sent.");
    }
    return make(
      "fieldset.models",
      {},
      make("legend", {}, "Listen to"),
      models.map((model) =>
        make(
          "label",
          {},
          make("input", {
            type: "checkbox",
            checked: this.app.listening.has(model.name),
            onchange: (event) => this.app.listen(model, event.target.checked),
          }),
          model.name,
        ),
      ),
      this.app.own.size
        ? make(
            "button.quiet",
            { type: "button", onclick: (event) => (this.app.stopOwn(), event.target.remove()) },
            `end ${this.app.own.size} more`,
          )
        : null,
    );
  }

  async #pingAll() {
    if (document.hidden) return;
    await Promise.all(
      [...this.columns.values()].map(async (column) => {
        try {
          column.setPing(await ask("ping", { region: column.region.name }));
        } catch (error) {
          column.setPing({ problem: error.message });
        }
      }),
    );
  }
}
