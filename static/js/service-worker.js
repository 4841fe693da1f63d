// Shows the messages the site sends to this browser, and opens what they are about. Nothing is kept or answered from here.

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("push", (event) => {
  const { title = "", body = "", path = "/", id = 0 } = event.data?.json() ?? {};
  event.waitUntil(registration.showNotification(title, { body, tag: `n${id}`, data: { path, id } }));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});

// A browser may change its address; it stays subscribed under the new one.
addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));

async function open({ path, id }) {
  const target = new URL(path, location.origin);
  if (target.origin !== location.origin) return;
  const read = fetch(`/me/notifications/${Number(id)}/read`, { method: "POST", redirect: "manual" }).catch(() => null);
  await Promise.all([clients.openWindow(target.href), read]);
}

async function renew(event) {
  const options = event.oldSubscription?.options;
  const fresh = event.newSubscription ?? (options && await registration.pushManager.subscribe(options));
  if (!fresh) return;
  const { endpoint, keys } = fresh.toJSON();
  await fetch("/me/push", { method: "POST", body: new URLSearchParams({ endpoint, ...keys }) });
}
