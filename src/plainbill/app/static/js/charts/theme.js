// Colours and words that the charts share. A canvas cannot read light-dark(): a probe element resolves it.

/** @param {string} key the key of a series: a number, or "other" @returns {string} */
export function seriesColour(key) {
  return resolved(`data-${key}`);
}

/** @param {string} name the class whose colour is asked for @returns {string} */
export function resolved(name) {
  const probe = document.createElement("span");
  probe.className = name;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** What every chart is drawn with. */
export function ink() {
  return {
    text: resolved("quiet"),
    strong: resolved("probe-ink"),
    line: resolved("probe-line"),
    surface: resolved("probe-surface"),
    sunken: resolved("probe-sunken"),
    unsettled: resolved("probe-unsettled"),
  };
}

/** @param {string} currency @returns {(amount: number) => string} */
export function moneyOf(currency) {
  const format = new Intl.NumberFormat("en-US", { style: "currency", currency, minimumFractionDigits: 2 });
  return (amount) => format.format(amount).replace("-", "\u2212");
}

/** @param {string} currency @returns {(amount: number) => string} */
export function shortMoneyOf(currency) {
  const format = new Intl.NumberFormat("en-US", { style: "currency", currency, notation: "compact", maximumFractionDigits: 1 });
  return (amount) => format.format(amount).replace("-", "\u2212");
}

/**
 * Slanted stripes of `colour`: a day without data.
 * @param {string} colour @param {string} ground @returns {CanvasPattern | string}
 */
export function stripes(colour, ground) {
  const tile = new OffscreenCanvas(6, 6);
  const pen = tile.getContext("2d");
  if (!pen) return colour;
  pen.fillStyle = ground;
  pen.fillRect(0, 0, 6, 6);
  pen.strokeStyle = colour;
  pen.lineWidth = 2.4;
  for (const x of [-6, 0, 6]) {
    pen.moveTo(x - 1, 7);
    pen.lineTo(x + 7, -1);
  }
  pen.stroke();
  return pen.createPattern(tile, "repeat") ?? colour;
}

export const FONT = { family: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif", size: 12 };
