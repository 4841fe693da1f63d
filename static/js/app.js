// What improves pages that already work: one custom element a file.
import "./elements/ask-card.js";
import "./elements/chance-fields.js";
import "./elements/comment-thread.js";
import "./elements/local-time.js";
import "./elements/text-limit.js";
