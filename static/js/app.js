// What improves pages that already work: one custom element a file.
import "./elements/ask-card.js";
import "./elements/answer-rows.js";
import "./elements/chance-fields.js";
import "./elements/comment-composer.js";
import "./elements/comment-thread.js";
import "./elements/edit-form.js";
import "./elements/follow-button.js";
import "./elements/local-time.js";
import "./elements/moderation-desk.js";
import "./elements/push-switch.js";
import "./elements/share-link.js";
import "./elements/show-password.js";
import "./elements/text-limit.js";
