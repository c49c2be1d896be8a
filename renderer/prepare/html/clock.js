// For browsers that cannot be driven frame by frame: all time of the page is here, and moves when it is told to.
(() => {
  "use strict";
  if (window.__oohClock) return;
  const RealDate = Date, epoch = __EPOCH_MS__;
  const promise = Promise, post = window.postMessage.bind(window), realTimeout = window.setTimeout.bind(window);
  let now = 0, ids = 1, order = 0;
  const timers = new Map();
  let frames = new Map();
  const define = (target, name, value) => Object.defineProperty(target, name, { value, writable: true, configurable: true });

  function FakeDate(...given) {
    if (!new.target) return new RealDate(epoch + now).toString();
    return Reflect.construct(RealDate, given.length ? given : [epoch + now], new.target);
  }
  FakeDate.prototype = RealDate.prototype;
  FakeDate.prototype.constructor = FakeDate;
  FakeDate.now = () => epoch + Math.floor(now);
  FakeDate.parse = RealDate.parse;
  FakeDate.UTC = RealDate.UTC;
  define(window, "Date", FakeDate);
  define(Performance.prototype, "now", () => now);

  const add = (repeats) => (work, delay, ...given) => {
    const wait = Math.max(repeats ? 1 : 0, Math.floor(Number(delay) || 0));
    const run = typeof work === "function" ? work : () => (0, eval)(String(work));
    timers.set(ids, { due: now + wait, wait, repeats, order: order++, run, given });
    return ids++;
  };
  const drop = (id) => { timers.delete(id); };
  define(window, "setTimeout", add(false));
  define(window, "setInterval", add(true));
  define(window, "clearTimeout", drop);
  define(window, "clearInterval", drop);
  define(window, "requestAnimationFrame", (work) => { frames.set(ids, work); return ids++; });
  define(window, "cancelAnimationFrame", (id) => { frames.delete(id); });
  define(window, "requestIdleCallback", (work) => add(false)(() => work({ didTimeout: false, timeRemaining: () => 10 }), 1));

  const safely = (work, ...given) => { try { work.apply(window, given); } catch (error) { window.reportError(error); } };
  const breathe = () => new promise((done) => realTimeout(done, 0));
  const seen = new WeakMap();
  const animate = () => {
    for (const animation of document.getAnimations()) {
      if (!seen.has(animation)) seen.set(animation, now);
      const timing = animation.effect ? animation.effect.getComputedTiming() : { endTime: 0 };
      const at = now - seen.get(animation);
      if (at >= timing.endTime && animation.playState !== "finished") { animation.finish(); }
      else if (at < timing.endTime) { animation.currentTime = at; }
    }
    for (const drawing of document.querySelectorAll("svg")) {
      drawing.pauseAnimations();
      drawing.setCurrentTime(now / 1000);
    }
  };
  const seek = async () => {
    for (const video of document.querySelectorAll("video")) {
      video.pause();
      const at = Math.min(now / 1000, video.duration || 0);
      if (Math.abs(video.currentTime - at) < 0.001) continue;
      await new promise((done) => {
        video.addEventListener("seeked", done, { once: true });
        realTimeout(done, 500);
        video.currentTime = at;
      });
    }
  };
  const fire = async (until) => {
    for (let guard = 0; guard < 10000; guard++) {
      let next = null;
      for (const [id, timer] of timers) {
        if (timer.due <= until && (next === null || timer.due < next[1].due ||
            (timer.due === next[1].due && timer.order < next[1].order))) next = [id, timer];
      }
      if (next === null) return;
      const [id, timer] = next;
      now = Math.max(now, timer.due);
      if (timer.repeats) { timer.due += timer.wait; timer.order = order++; } else { timers.delete(id); }
      safely(timer.run, ...timer.given);
      await null;
    }
  };
  define(window, "__oohClock", {
    pending: () => timers.size + frames.size,
    // time goes on to `until`: timers, then the frame's callbacks, then what the browser itself animates
    tick: async (until) => {
      await fire(until);
      now = until;
      const due = frames;
      frames = new Map();
      for (const work of due.values()) safely(work, now);
      await breathe();
      animate();
      await seek();
      return true;
    },
    // while it loads: what waits for nothing but a turn
    load: async () => { await fire(now); await breathe(); return true; },
  });
})();
