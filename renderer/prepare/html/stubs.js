// Runs in every frame before the creative: what ad servers give it, nothing that differs from run to run, no ways out.
(() => {
  "use strict";
  const noop = () => {};
  const define = (target, name, value) => {
    try { Object.defineProperty(target, name, { value, writable: true, configurable: true }); } catch (_) { noop(); }
  };
  const failed = (name) => function () { throw new DOMException(name + " is not available", "SecurityError"); };

  // --- chance, seeded: the same creative gives the same plate (xorshift32)
  let seed = 0x2545f491;
  const bits = () => { seed ^= seed << 13; seed ^= seed >>> 17; seed ^= seed << 5; return seed >>> 0; };
  Math.random = () => (bits() >>> 5) / 134217728;
  if (window.crypto) {
    define(Crypto.prototype, "getRandomValues", (array) => {
      const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
      for (let i = 0; i < bytes.length; i++) bytes[i] = bits() >>> 24;
      return array;
    });
    define(Crypto.prototype, "randomUUID", () => {
      const hex = Array.from({ length: 32 }, () => (bits() >>> 28).toString(16));
      hex[12] = "4";
      hex[16] = "89ab"[bits() >>> 30];
      return hex.join("").replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
    });
  }

  // --- ways out
  define(window, "open", () => null);
  for (const name of ["alert", "print", "stop", "focus", "moveTo", "resizeTo"]) define(window, name, noop);
  define(window, "confirm", () => false);
  define(window, "prompt", () => null);
  for (const name of ["WebSocket", "WebSocketStream", "EventSource", "RTCPeerConnection", "webkitRTCPeerConnection",
    "RTCDataChannel", "WebTransport", "SharedWorker", "PresentationRequest", "PaymentRequest", "Notification"]) {
    if (name in window) define(window, name, failed(name));
  }
  if (window.Navigator) {
    define(Navigator.prototype, "sendBeacon", () => true);
    for (const name of ["serviceWorker", "geolocation", "bluetooth", "usb", "serial", "hid", "clipboard", "share"]) {
      define(Navigator.prototype, name, undefined);
    }
    define(Navigator.prototype, "vibrate", () => false);
    define(Navigator.prototype, "hardwareConcurrency", 4);
    define(Navigator.prototype, "deviceMemory", 4);
  }

  // --- what a page does next: nothing left means that its animation has ended
  const later = new Set();
  const state = { errors: [], rafs: 0 };
  const wrapTimer = (name, cancel, repeats) => {
    const set = window[name], clear = window[cancel];
    define(window, name, function (work, delay, ...given) {
      const run = typeof work === "function" ? work : () => (0, eval)(String(work));
      const id = set.call(window, function () { if (!repeats) later.delete(id); run.apply(window, given); }, delay);
      later.add(id);
      return id;
    });
    return function (id) { later.delete(id); clear.call(window, id); };
  };
  if (!window.__oohClock) {
    const stopOnce = wrapTimer("setTimeout", "clearTimeout", false);
    const stopAll = wrapTimer("setInterval", "clearInterval", true);
    define(window, "clearTimeout", stopOnce);
    define(window, "clearInterval", stopAll);
    // performance.now() and the time that frames are told have chance in their last digits (the clamping of timers)
    const now = Date.now, born = now(), next = window.requestAnimationFrame, cancel = window.cancelAnimationFrame;
    const waiting = new Set();
    define(Performance.prototype, "now", () => now() - born);
    define(window, "requestAnimationFrame", (work) => {
      const id = next.call(window, () => { waiting.delete(id); work(now() - born); });
      waiting.add(id);
      return id;
    });
    define(window, "cancelAnimationFrame", (id) => { waiting.delete(id); cancel.call(window, id); });
    state.pending = () => later.size + waiting.size;
  } else {
    state.pending = window.__oohClock.pending;
  }
  window.addEventListener("error", (event) => {
    if (event.message && state.errors.length < 5) state.errors.push(String(event.message).slice(0, 200));
  }, true);
  window.addEventListener("unhandledrejection", (event) => {
    if (state.errors.length < 5) state.errors.push(String(event.reason).slice(0, 200));
  });
  // what moves by itself and does not say for how long: SMIL, animated pictures, videos
  const restless = "animate, animateTransform, animateMotion, set, img[src*='.gif' i], img[src*='.apng' i], img[src*='.webp' i]";
  const running = () => {
    try {
      return document.getAnimations().filter((a) => a.playState === "running").length +
        document.querySelectorAll(restless).length +
        [...document.querySelectorAll("video")].filter((video) => !video.paused && !video.ended).length;
    } catch (_) { return 0; }
  };
  define(window, "__oohState", () => JSON.stringify({
    ready: !!document.getElementById("dynamic-creative-ready"),
    skip: !!document.getElementById("dynamic-creative-skip"),
    pending: state.pending() + running(),
    errors: state.errors,
  }));

  // --- clicks: nobody clicks on a screen, but creatives look for the variable
  for (const name of ["clickTag", "clickTAG", "clicktag", "clickTag1", "clickTag2", "clickTag3"]) {
    if (!(name in window)) window[name] = "about:blank";
  }

  // --- what ad servers bring along; whatever else is asked of them does nothing
  const total = (known) => new Proxy(known, { get: (target, name) => (name in target || typeof name === "symbol" ? target[name] : noop) });
  const soon = (work, ...given) => { if (typeof work === "function") Promise.resolve().then(() => work(...given)); };
  const always = (names) => (event, work) => { if (names.has(event)) soon(work, { type: event }); };
  const events = { INIT: "init", VISIBLE: "visible", HIDDEN: "hidden", PAGE_LOADED: "pageLoaded", INTERACTION: "interaction" };
  window.studio = window.studio || {
    events: { StudioEvent: events },
    module: { ModuleId: {} },
    common: { mde: {} },
    video: { Reporter: { attach: noop, detach: noop } },
    utils: {},
    sdk: {},
  };
  window.Enabler = window.Enabler || total({
    isInitialized: () => true,
    isPageLoaded: () => true,
    isVisible: () => true,
    isServingInLiveEnvironment: () => false,
    getUrl: (path) => path,
    getFilename: (path) => path,
    getParameter: () => null,
    getDartCreativeId: () => "",
    callAfterInitialized: (work) => soon(work),
    addEventListener: always(new Set([events.INIT, events.VISIBLE, events.PAGE_LOADED])),
    loadModule: (_, work) => soon(work),
    loadScript: (url, work) => {
      const script = document.createElement("script");
      script.src = url;
      script.onload = work || null;
      document.head.appendChild(script);
    },
  });
  window.mraid = window.mraid || total({
    getVersion: () => "3.0",
    getState: () => "default",
    getPlacementType: () => "inline",
    isViewable: () => true,
    supports: () => false,
    getScreenSize: () => ({ width: innerWidth, height: innerHeight }),
    getMaxSize: () => ({ width: innerWidth, height: innerHeight }),
    getCurrentPosition: () => ({ x: 0, y: 0, width: innerWidth, height: innerHeight }),
    getDefaultPosition: () => ({ x: 0, y: 0, width: innerWidth, height: innerHeight }),
    getExpandProperties: () => ({ width: innerWidth, height: innerHeight, useCustomClose: false, isModal: true }),
    addEventListener: (event, work) => {
      if (event === "ready") soon(work);
      if (event === "viewableChange") soon(work, true);
      if (event === "exposureChange") soon(work, 100, null, null);
    },
  });
  window.ExitApi = window.ExitApi || total({});
  window.dapi = window.dapi || total({ isReady: () => true, isViewable: () => true, getScreenSize: () => ({ width: innerWidth, height: innerHeight }) });
  document.addEventListener("click", (event) => {
    const link = event.target && event.target.closest ? event.target.closest("a[href]") : null;
    if (link) event.preventDefault();
  }, true);
})();
