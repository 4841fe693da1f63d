// Forms sent without leaving the page: whatever goes wrong, the text stays where it is and one is told what to do.
const PATIENCE = 30_000; // ms until a connection that says nothing counts as lost
const SETTLED = 1_000; // ms after loading: until then browsers may still go back to where one was
const watched = new WeakSet();
arrive();

/** Without this the form simply posts. It has to hold a `data-outcome`. @param {HTMLFormElement} form */
export function sendInPlace(form) {
  if (watched.has(form)) return;
  watched.add(form);
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.submitter?.getAttribute("name") === "step") return;
    event.preventDefault();
    if (form.getAttribute("aria-busy") !== "true") send(form);
  });
  addEventListener("pageshow", () => busy(form, false)); // come back to: it may be sent again
}

/** @param {HTMLFormElement} form */
async function send(form) {
  busy(form, true);
  form.querySelector("[data-outcome]")?.setAttribute("hidden", "");
  const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
  const request = { method: "POST", body, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE) };
  const answer = await fetch(form.action, request).catch(() => null);
  const told = answer ? await answer.json().catch(() => null) : null;
  if (answer?.ok && told?.location) {
    form.dispatchEvent(new Event("accepted"));
    go(told.location);
    return;
  }
  busy(form, false);
  if (answer?.status === 422 && !told) form.submit(); // the page that marks each mistake
  else tell(form, answer !== null, told ?? {});
}

/** @param {HTMLFormElement} form @param {boolean} isOn */
function busy(form, isOn) {
  form.setAttribute("aria-busy", String(isOn));
  for (const button of form.querySelectorAll("button:not([type=button], [name])")) button.setAttribute("aria-disabled", String(isOn));
}

/** @param {HTMLFormElement} form @param {boolean} isAnswered @param {{said?: string, sign_in?: string}} told */
function tell(form, isAnswered, told) {
  const outcome = form.querySelector("[data-outcome]");
  if (!(outcome instanceof HTMLElement)) return;
  const { textLost = "", textFailed = "", textAgain = "", textSignIn = "" } = outcome.dataset;
  const words = document.createElement("p");
  words.textContent = isAnswered ? told.said ?? textFailed : textLost;
  outcome.replaceChildren(words);
  if (told.sign_in) {
    const link = document.createElement("a");
    link.className = "button button--quiet";
    link.href = told.sign_in;
    link.textContent = textSignIn;
    outcome.append(link);
  } else if (!isAnswered) {
    const again = document.createElement("button");
    again.className = "button button--quiet";
    again.textContent = textAgain;
    outcome.append(again);
  }
  outcome.hidden = false;
}

/** Go to a page, anew where it is this one. @param {string} address */
function go(address) {
  const target = new URL(address, location.href);
  const isHere = target.pathname === location.pathname && target.search === location.search;
  if (isHere) note(target.hash);
  location.assign(target);
  if (isHere) location.reload();
}

/** A page that is loaded again goes to where one was, not to what its address names. @param {string} place */
function note(place) {
  try { sessionStorage.setItem("arrive", place); } catch { return; }
  history.scrollRestoration = "manual";
}

function arrive() {
  if (history.scrollRestoration !== "manual") return;
  const place = sessionStorage.getItem("arrive") ?? "";
  sessionStorage.removeItem("arrive");
  addEventListener("load", () => {
    document.getElementById(place.slice(1))?.scrollIntoView();
    setTimeout(() => { history.scrollRestoration = "auto"; }, SETTLED);
  });
}
