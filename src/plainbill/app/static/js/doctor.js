// While the doctor runs: how far it is, and the page again when it is done.
const EVERY = 1000; // milliseconds between two looks

export function startDoctor() {
  if (document.getElementById("doctor-line")) setTimeout(look, EVERY);
}

async function look() {
  const line = document.getElementById("doctor-line");
  try {
    const answer = await fetch("/api/doctor", { headers: { Accept: "application/json" } });
    const { state, tried, total } = await answer.json();
    if (state !== "running") return location.reload();
    if (line && total) line.textContent = `Trying the reads: ${tried} of ${total} done.`;
  } catch {
    if (line) line.textContent = "The dashboard's own server did not answer; trying again.";
  }
  setTimeout(look, EVERY);
}
