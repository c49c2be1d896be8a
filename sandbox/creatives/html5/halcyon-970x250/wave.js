// A noise that calms down to one clear tone, drawn at the screen's own resolution.
(function () {
  var canvas = document.getElementById("wave"), scale = window.devicePixelRatio || 1, pen = canvas.getContext("2d");
  var lasts = 2600, began = null;
  canvas.width = Math.round(970 * scale);
  canvas.height = Math.round(250 * scale);
  pen.scale(scale, scale);
  var lines = [];
  for (var i = 0; i < 26; i++) lines.push({ at: i / 25, phase: Math.random() * 6.28, speed: 1 + Math.random() * 3, wild: Math.random() });

  function draw(time) {
    if (began === null) began = time;
    var share = Math.min(1, (time - began) / lasts), calm = 1 - Math.pow(1 - share, 3);
    pen.clearRect(0, 0, 970, 250);
    lines.forEach(function (line) {
      pen.beginPath();
      for (var x = 470; x <= 970; x += 3) {
        var window_ = Math.pow(Math.sin(Math.PI * (x - 470) / 500), 2);
        var noise = Math.sin(x / (9 + line.wild * 30) + line.phase + share * line.speed * 9) * (1 - calm) * (0.4 + line.wild);
        var tone = Math.sin((x - 470) / 40 + share * 3) * (0.25 + 0.75 * calm) * (1 - 2 * line.at);
        var y = 128 + window_ * 74 * (noise + tone * 0.9);
        if (x === 470) pen.moveTo(x, y); else pen.lineTo(x, y);
      }
      pen.strokeStyle = "hsla(" + (66 + 30 * line.at) + ", 78%, " + (50 + 18 * line.at) + "%, " + (0.16 + 0.5 * calm * (1 - Math.abs(line.at - 0.5))) + ")";
      pen.lineWidth = 0.9;
      pen.stroke();
    });
    if (share < 1) requestAnimationFrame(draw);
  }
  function begin() { requestAnimationFrame(draw); }
  if (Enabler.isInitialized()) begin(); else Enabler.addEventListener(studio.events.StudioEvent.INIT, begin);
  document.body.addEventListener("click", function () { Enabler.exit("main"); window.open(window.clickTag); });
})();
