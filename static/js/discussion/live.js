// New comments are offered, and come when the reader asks: nothing moves by itself. Results and good points change in place.
import { announce } from "../lib/announce.js";
import { comments, counted, goTo, written } from "./page.js";
import { Pulse } from "./pulse.js";

const MOST_AT_ONCE = 60; // comments, a page; who is further behind is given the newest page
const SAID_AGAIN = 30_000; // ms between two announcements of what waits
const RESULTS_EVERY = 4_000; // ms at least
const NUMBERS_EVERY = 20_000;

/** @param {any} root */
export function live(root) {
  const { data, bar } = { data: root.dataset, bar: root.querySelector("[data-fresh]") };
  const [button, lost] = [bar.querySelector("button"), root.querySelector("[data-lost]")];
  let told = { appeared: root.appeared, version: 0 };
  let [saidAt, numbersAt, resultsAt] = [-SAID_AGAIN, performance.now(), -RESULTS_EVERY]; // when each was done last
  let [numbered, isAsking] = [0, false];

  const waiting = () => told.appeared - root.appeared;
  const offer = () => {
    const text = waiting() > 0 ? counted(root.texts.fresh, waiting()) : "";
    if (text && text !== button.textContent && performance.now() - saidAt > SAID_AGAIN) {
      announce(text);
      saidAt = performance.now();
    }
    button.textContent = text;
    bar.hidden = !text;
  };

  const refresh = async () => {
    const [now, { version }] = [performance.now(), told];
    const results = document.getElementById("results");
    const hasResults = told.tallies && told.tallies !== data.tallies && results && !results.contains(document.activeElement);
    const [wantsResults, wantsNumbers] = [
      hasResults && now - resultsAt > RESULTS_EVERY, version !== numbered && now - numbersAt > NUMBERS_EVERY,
    ];
    if (isAsking || !(wantsResults || wantsNumbers)) return;
    isAsking = true;
    const lib = await import("./news.js").catch(() => null);
    const what = { ...(wantsResults && { tallies: data.tallies }), ...(wantsNumbers && { shown: lib?.rated(root) }) };
    const news = await lib?.ask(root, what, version);
    isAsking = false;
    if (news && wantsResults) [data.tallies, resultsAt] = [news.tallies, now];
    if (news && wantsNumbers) [numbered, numbersAt] = [version, now];
  };

  const bring = async () => {
    if (waiting() > MOST_AT_ONCE) return location.assign(data.newest);
    if (button.hasAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    const lib = await import("./news.js").catch(() => null);
    const added = [];
    let news;
    do {
      news = await lib?.ask(root, { after: `${root.appeared}`, shown: lib.rated(root) }, told.version);
      if (!news) break;
      for (const item of news.fresh) added.push(lib.place(root, item, news.regions[`comment-${item.id}`]));
      root.appeared = Math.max(root.appeared, news.newest);
    } while (news.more);
    button.removeAttribute("aria-busy");
    if (!news) announce(root.texts.lost);
    offer();
    root.folded(root);
    goTo(comments(root).find((comment) => added.includes(comment)));
  };

  button.addEventListener("click", bring);
  new Pulse(data.pulse, (pulse) => {
    told = pulse;
    root.querySelector("[data-total]").textContent = written(pulse.comments);
    offer();
    refresh();
  }, (isLost) => {
    if (isLost && lost.hidden) announce(root.texts.lost);
    lost.textContent = root.texts.lost;
    lost.hidden = !isLost;
  }).start(root.signal);
}
