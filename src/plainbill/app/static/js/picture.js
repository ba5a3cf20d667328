// A drawing as a PNG file, made in the browser from what is on the screen: nothing is sent anywhere.
import { FONT, ink } from "./charts/theme.js";

const HEAD = 44;
const LINE = 20;
const EDGE = 16;
/** What a drawing takes from the style sheets, which a picture of it does not have. */
const STYLES = ["fill", "fill-opacity", "stroke", "stroke-width", "font-family", "font-size", "font-weight"];

export function startPictures() {
  for (const place of document.querySelectorAll("[data-png]")) {
    if (!(place instanceof HTMLElement)) continue;
    place.hidden = false;
    place.querySelector("button")?.addEventListener("click", () => void save(place));
  }
}

/** @param {HTMLElement} place */
async function save(place) {
  const drawing = document.getElementById(place.dataset.png ?? "");
  if (!drawing) return;
  const { width, height } = drawing.getBoundingClientRect();
  const image = drawing instanceof HTMLCanvasElement ? drawing : await imageOf(drawing, width, height);
  const names = [...(drawing.closest("section")?.querySelectorAll(".key .swatch") ?? [])].map((swatch) => ({
    colour: getComputedStyle(swatch.querySelector("rect") ?? swatch).fill,
    name: swatch.parentElement?.textContent?.trim() ?? "",
  }));
  const sheet = framed(image, width, height, place.dataset.title ?? "", names);
  sheet.toBlob((blob) => {
    if (!blob) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = place.dataset.name ?? "plainbill.png";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }, "image/png");
}

/**
 * The drawing under its title and above its key, on the ground of the page.
 * @param {CanvasImageSource} image @param {number} width @param {number} height @param {string} title @param {{colour: string, name: string}[]} names
 */
function framed(image, width, height, title, names) {
  const scale = devicePixelRatio || 1;
  const colours = ink();
  const sheet = document.createElement("canvas");
  sheet.width = (width + 2 * EDGE) * scale;
  const whole = height + HEAD + 2 * EDGE + LINE * names.length;
  sheet.height = whole * scale;
  const pen = sheet.getContext("2d");
  if (!pen) return sheet;
  pen.scale(scale, scale);
  pen.fillStyle = colours.surface;
  pen.fillRect(0, 0, width + 2 * EDGE, whole);
  pen.fillStyle = colours.strong;
  pen.font = `600 14px ${FONT.family}`;
  pen.fillText(title, EDGE, 27, width);
  pen.drawImage(image, EDGE, HEAD, width, height);
  pen.font = `400 12px ${FONT.family}`;
  names.forEach(({ colour, name }, place) => {
    const y = HEAD + height + EDGE + LINE * place;
    pen.fillStyle = colour;
    pen.fillRect(EDGE, y, 10, 10);
    pen.fillStyle = colours.strong;
    pen.fillText(name, EDGE + 18, y + 10, width - 18);
  });
  return sheet;
}

/** A drawing in SVG as an image that stands alone. @param {HTMLElement | SVGElement} drawing @param {number} width @param {number} height @returns {Promise<HTMLImageElement>} */
async function imageOf(drawing, width, height) {
  const copy = /** @type {Element} */ (drawing.cloneNode(true));
  const originals = [...drawing.querySelectorAll("rect, text")];
  [...copy.querySelectorAll("rect, text")].forEach((each, place) => {
    const style = getComputedStyle(/** @type {Element} */ (originals[place]));
    for (const name of STYLES) each.setAttribute(name, style.getPropertyValue(name));
  });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  return image;
}
