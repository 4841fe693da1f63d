// What improves pages that already work: one custom element a file.
import "./elements/ask-card.js";
import "./elements/comment-composer.js";
import "./elements/comment-thread.js";
import "./elements/follow-button.js";
import "./elements/live-discussion.js";
import "./elements/local-time.js";
import "./elements/share-link.js";
import "./elements/text-limit.js";

// what most readers never meet is loaded where it is
const rare = ["answer-rows", "chance-fields", "edit-form", "line-chart", "moderation-desk", "push-switch", "ranked-choices", "show-password"];
for (const name of rare) {
  const found = [...document.querySelectorAll(name)];
  const load = () => import(`./elements/${name}.js`);
  const folded = found.map((element) => element.closest("details:not([open])"));
  if (folded.some((fold) => !fold)) load();
  else for (const fold of folded) fold?.addEventListener("toggle", load, { once: true }); // none is seen before
}
