// Keeps the page fresh while somebody looks at it. Without it the page works all the same.
"use strict";
(() => {
  const PICTURE_MS = 3000, FACTS_MS = 5000, SOON_MS = 1500, LONGEST_MS = 8000;
  const due = { picture: 0, facts: performance.now() + FACTS_MS };
  let busy = false;

  const fetched = async (address) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), LONGEST_MS);
    try {
      return await fetch(address, { headers: { "X-Refresh": "1" }, cache: "no-store", signal: stop.signal });
    } finally {
      clearTimeout(timer);
    }
  };

  const newPicture = async () => {
    const image = document.querySelector("#picture img");
    if (!image) return;
    const answer = await fetched("/screen.jpg");
    const stale = !answer.ok;
    image.classList.toggle("stale", stale);
    if (stale) return;
    const next = new Image();
    next.alt = image.alt;
    next.src = "/screen.jpg?" + Date.now();
    await next.decode();
    next.width = next.naturalWidth;
    next.height = next.naturalHeight;
    image.replaceWith(next);
  };

  const newFacts = async () => {
    const answer = await fetched(location.pathname);
    if (answer.status === 403) return location.reload();
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-live]")) {
      const other = fresh.getElementById(part.id);
      if (other && other.innerHTML !== part.innerHTML && !part.contains(document.activeElement)) part.replaceWith(other);
    }
    const picture = document.getElementById("picture"), other = fresh.getElementById("picture");
    if (picture && other && picture.hasAttribute("data-picture") !== other.hasAttribute("data-picture")) {
      picture.replaceWith(other);
    }
  };

  const look = async () => {
    if (busy || document.hidden) return;
    const now = performance.now();
    const soon = document.querySelector("[data-soon]") !== null;
    busy = true;
    try {
      if (now >= due.picture) {
        due.picture = now + PICTURE_MS;
        await newPicture();
      }
      if (now >= due.facts || soon) {
        due.facts = now + FACTS_MS;
        await newFacts();
      }
    } catch {
      due.facts = Math.max(due.facts, now + FACTS_MS);
    } finally {
      busy = false;
    }
  };

  if (document.querySelector("[data-live]")) {
    setInterval(look, SOON_MS);
    document.addEventListener("visibilitychange", look);
  }
})();
