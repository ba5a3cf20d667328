// Cost by service as a ring; a negative amount has no place in a ring and stands in the table only.
import { FONT, ink, moneyOf, seriesColour } from "./theme.js";

/** @param {HTMLTableElement} table @returns {{name: string, key: string, value: number}[]} */
export function readServices(table) {
  return [...(table.tBodies[0]?.rows ?? [])]
    .map((row) => ({
      name: row.querySelector(".service")?.textContent ?? "",
      key: row.querySelector("[data-series]")?.getAttribute("data-series") ?? "",
      value: Number(row.querySelector("data")?.value ?? 0),
    }))
    .filter((service) => service.value > 0);
}

/** @param {HTMLCanvasElement} canvas @param {HTMLTableElement} table */
export function drawRing(canvas, table) {
  const services = readServices(table);
  const colours = ink();
  const money = moneyOf(table.dataset.currency ?? "USD");
  const sum = services.reduce((all, service) => all + service.value, 0);
  return new window.Chart(canvas, {
    type: "doughnut",
    data: {
      labels: services.map((service) => service.name),
      datasets: [{
        data: services.map((service) => service.value),
        backgroundColor: services.map((service) => seriesColour(service.key)),
        borderColor: colours.surface,
        borderWidth: 2,
      }],
    },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: false,
      cutout: "66%",
      plugins: {
        legend: { display: false },
        tooltip: {
          backgroundColor: colours.strong, titleColor: colours.surface, bodyColor: colours.surface,
          titleFont: FONT, bodyFont: FONT, padding: 10, displayColors: false,
          callbacks: { label: (/** @type {any} */ item) => `${money(item.parsed)}, ${((item.parsed / sum) * 100).toFixed(1)} %` },
        },
      },
    },
    plugins: [middle(services[0], sum, colours)],
  });
}

/** The largest service, named in the middle. @param {{name: string, value: number} | undefined} largest @param {number} sum @param {ReturnType<typeof ink>} colours */
function middle(largest, sum, colours) {
  return {
    id: "middle",
    /** @param {any} chart */
    afterDraw({ ctx, chartArea }) {
      if (!largest) return;
      const x = (chartArea.left + chartArea.right) / 2;
      const y = (chartArea.top + chartArea.bottom) / 2;
      ctx.save();
      ctx.textAlign = "center";
      ctx.fillStyle = colours.strong;
      ctx.font = `650 22px ${FONT.family}`;
      ctx.fillText(`${((largest.value / sum) * 100).toFixed(0)} %`, x, y + 2, 110);
      ctx.fillStyle = colours.text;
      ctx.font = `400 11px ${FONT.family}`;
      ctx.fillText("largest service", x, y + 20, 110);
      ctx.restore();
    },
  };
}
