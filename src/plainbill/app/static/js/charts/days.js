// Cost per day as stacked columns: estimated days on a shaded ground, days that were not read hatched.
import { FONT, ink, moneyOf, seriesColour, shortMoneyOf, stripes } from "./theme.js";

/**
 * @typedef {{label: string, isEstimated: boolean, isUnsettled: boolean, isMissing: boolean, behind: string}} Day
 * @typedef {{name: string, key: string, values: (number | null)[]}} Series
 */

/** What the table says. @param {HTMLTableElement} table @returns {{days: Day[], series: Series[]}} */
export function readDays(table) {
  const rows = [...(table.tBodies[0]?.rows ?? [])];
  const heads = [...table.querySelectorAll("th[data-series]")];
  return {
    days: rows.map((row) => ({
      label: row.dataset.label ?? dayName(row.dataset.day),
      isEstimated: "estimated" in row.dataset,
      isUnsettled: "unsettled" in row.dataset,
      behind: row.querySelector("a")?.href ?? "",
      isMissing: "missing" in row.dataset,
    })),
    series: heads.map((head, place) => ({
      name: head.textContent ?? "",
      key: head.getAttribute("data-series") ?? "",
      values: rows.map((row) => ("missing" in row.dataset ? null : amount(row.cells[place + 1]))),
    })),
  };
}

/** A service without a cost on a day that was read cost nothing. @param {HTMLTableCellElement | undefined} cell */
function amount(cell) {
  return Number(cell?.querySelector("data")?.value ?? 0);
}

/** @param {HTMLCanvasElement} canvas @param {HTMLTableElement} table */
export function drawDays(canvas, table) {
  const { days, series } = readDays(table);
  const colours = ink();
  const currency = table.dataset.currency ?? "USD";
  const isLines = canvas.dataset.view === "lines";
  canvas.classList.toggle("leads", days.some((day) => day.behind));
  return new window.Chart(canvas, {
    type: isLines ? "line" : "bar",
    data: {
      labels: days.map((day) => day.label),
      datasets: series.map(({ name, key, values }) => ({
        label: name,
        data: values,
        backgroundColor: seriesColour(key),
        borderColor: isLines ? seriesColour(key) : colours.surface,
        borderWidth: isLines ? 2 : { top: days.length > 60 ? 0 : 1 },
        pointRadius: days.length > 60 ? 0 : 2,
        barPercentage: 0.92,
        categoryPercentage: 0.94,
      })),
    },
    options: options(days, colours, currency, isLines ? lowestOne(series) : lowest(series), !isLines),
    plugins: [ground(days, colours)],
  });
}

/** How far credits reach below zero on their worst day. @param {Series[]} series @returns {number} */
export function lowest(series) {
  const days = series[0]?.values ?? [];
  const below = days.map((_, day) => series.reduce((sum, each) => sum + Math.min(each.values[day] ?? 0, 0), 0));
  return Math.min(0, ...below);
}

/** How far one line reaches below zero. @param {Series[]} series @returns {number} */
function lowestOne(series) {
  return Math.min(0, ...series.flatMap((each) => each.values.map((value) => value ?? 0)));
}

/** @param {Day[]} days @param {ReturnType<typeof ink>} colours @param {string} currency @param {number} low @param {boolean} isStacked */
function options(days, colours, currency, low, isStacked) {
  const money = moneyOf(currency);
  const short = shortMoneyOf(currency);
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: false,
    interaction: { mode: "index", intersect: false },
    /** A mark leads where its row of the table does. @param {unknown} _event @param {{index: number}[]} marks */
    onClick: (_event, marks) => {
      const behind = days[marks[0]?.index ?? -1]?.behind;
      if (behind) location.assign(behind);
    },
    scales: {
      x: {
        stacked: isStacked,
        offset: true,
        grid: { display: false },
        border: { color: colours.line },
        ticks: { color: colours.text, font: FONT, maxRotation: 0, autoSkipPadding: 18, callback: (/** @type {number} */ place) => days[place]?.label ?? "" },
      },
      y: {
        stacked: isStacked,
        min: low * 1.2, // or one credit would cost a whole step of the scale
        grid: { color: colours.line, drawTicks: false },
        border: { display: false },
        ticks: { color: colours.text, font: FONT, maxTicksLimit: 6, padding: 6, includeBounds: low === 0, callback: short },
      },
    },
    plugins: {
      legend: { display: false },
      tooltip: {
        backgroundColor: colours.strong, titleColor: colours.surface, bodyColor: colours.surface, footerColor: colours.surface,
        titleFont: FONT, bodyFont: FONT, footerFont: FONT, padding: 10, boxPadding: 4,
        filter: (/** @type {any} */ item) => Math.abs(item.parsed.y) >= 0.005,
        itemSort: (/** @type {any} */ one, /** @type {any} */ other) => other.parsed.y - one.parsed.y,
        callbacks: {
          title: (/** @type {any[]} */ items) => items.length ? heading(days[items[0].dataIndex]) : "",
          label: (/** @type {any} */ item) => ` ${item.dataset.label}  ${money(item.parsed.y)}`,
          labelColor: (/** @type {any} */ item) => ({ borderWidth: 0, backgroundColor: item.dataset.backgroundColor }),
          footer: (/** @type {any[]} */ items) => `Total  ${money(items.reduce((sum, item) => sum + item.parsed.y, 0))}`,
        },
      },
    },
  };
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** @param {string | undefined} day an ISO date @returns {string} */
export function dayName(day) {
  const [, month, date] = (day ?? "").split("-").map(Number);
  return month && date ? `${date} ${MONTHS[month - 1]}` : "";
}

/** @param {Day | undefined} day */
function heading(day) {
  return day ? day.label + (day.isEstimated ? ", estimated" : day.isUnsettled ? ", not final yet" : "") : "";
}

/** What lies behind the columns. @param {Day[]} days @param {ReturnType<typeof ink>} colours */
function ground(days, colours) {
  return {
    id: "ground",
    /** @param {any} chart */
    beforeDraw({ ctx, chartArea, scales }) {
      const width = chartArea.width / days.length;
      ctx.save();
      days.forEach((day, place) => {
        if (!day.isMissing && !day.isEstimated && !day.isUnsettled) return;
        ctx.fillStyle = day.isMissing ? stripes(colours.line, colours.surface) : day.isEstimated ? colours.sunken : colours.unsettled;
        ctx.fillRect(scales.x.getPixelForValue(place) - width / 2, chartArea.top, width + 0.5, chartArea.height);
      });
      ctx.restore();
    },
  };
}
