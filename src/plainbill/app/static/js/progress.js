// The state of a refresh, kept from its events; knows nothing of the page, so that it can be tested alone.

/**
 * @typedef {{source: string, account_id: string | null, region: string | null,
 *   state: "waiting" | "running" | "done" | "gap", items: number | null, note: string | null}} Step
 * @typedef {{source: string, account: string, done: number, total: number, items: number, gaps: number, now: string}} Row
 */

const NAMES = new Map([
  ["cloudwatch", "CloudWatch"],
  ["cost_explorer", "Cost Explorer"],
  ["ec2_instances", "EC2 instances"],
  ["ec2_regions", "Regions"],
]);

/** As the page says it: "cost_explorer.record_type" is "Cost Explorer, record type". @param {string} source @returns {string} */
export function sourceName(source) {
  const [name = "", part] = source.split(".");
  const said = NAMES.get(name) ?? name.replaceAll("_", " ");
  return part ? `${said}, ${part.replaceAll("_", " ")}` : said;
}

export class ProgressBook {
  /** @type {Map<string, Step>} */
  #steps = new Map();

  /** The last word on a step counts. @param {Step} step */
  take(step) {
    this.#steps.set(JSON.stringify([step.source, step.account_id, step.region]), step);
  }

  get total() {
    return this.#steps.size;
  }

  get done() {
    return [...this.#steps.values()].filter(isOver).length;
  }

  /** One row for each source and account. @returns {Row[]} */
  rows() {
    /** @type {Map<string, Row>} */
    const rows = new Map();
    for (const step of this.#steps.values()) {
      const key = JSON.stringify([step.source, step.account_id]);
      const row = rows.get(key) ?? {
        source: sourceName(step.source), account: step.account_id ?? "all accounts",
        done: 0, total: 0, items: 0, gaps: 0, now: "",
      };
      row.total += 1;
      row.done += isOver(step) ? 1 : 0;
      row.gaps += step.state === "gap" ? 1 : 0;
      row.items += step.items ?? 0;
      if (step.state === "running") row.now = step.region ?? "reading";
      rows.set(key, row);
    }
    return [...rows.values()];
  }

  /** What is going on, in a sentence. @returns {string} */
  line() {
    const running = [...this.#steps.values()].filter((step) => step.state === "running");
    const now = running.map((step) => [sourceName(step.source), step.account_id, step.region].filter(Boolean).join(", "));
    const done = `${this.done} of ${this.total} steps done`;
    return now.length ? `${done}; now ${now[0]}${now.length > 1 ? ` and ${now.length - 1} more` : ""}` : done;
  }
}

/** @param {Step} step */
function isOver(step) {
  return step.state === "done" || step.state === "gap";
}
