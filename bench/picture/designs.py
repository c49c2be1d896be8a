"""Banners as pages, 300x250, rasterised small and large by `bench.picture.quality`. Every brand is invented."""

from __future__ import annotations

_HEAD = '<!doctype html><meta charset="utf-8"><meta name="ad.size" content="width=300,height=250">'
_BODY = "margin:0;width:300px;height:250px;overflow:hidden;box-sizing:border-box;"

TEXT = f"""{_HEAD}<body style="{_BODY}background:#fff;font-family:Inter,sans-serif;color:#111;padding:18px">
<div style="font:800 30px/1.05 'Inter Display',Inter,sans-serif;letter-spacing:-.5px">Fly to Lisbon<br>from €49</div>
<p style="font:400 13px/1.45 Inter,sans-serif;color:#333;margin:12px 0">Book by Sunday. Twelve flights a week, hand
luggage included, seats from row one.</p>
<p style="font:400 9px/1.3 Inter,sans-serif;color:#666;margin:0 0 12px">One way, per person, incl. taxes. Terms apply.
Limited seats on selected dates until 30 April.</p>
<span style="background:#e4002b;color:#fff;font:600 14px Inter,sans-serif;padding:9px 16px;border-radius:20px;
display:inline-block">Book now</span></body>"""

DARK = f"""{_HEAD}<body style="{_BODY}background:#0b1020;font-family:Lato,sans-serif;color:#fff;padding:20px">
<svg width="60" height="60" viewBox="0 0 60 60"><circle cx="30" cy="30" r="26" fill="none" stroke="#ffd34d"
stroke-width="5"/><path d="M15 38 L30 14 L45 38 Z" fill="#4dd3ff"/></svg>
<div style="font:900 34px/1 Lato,sans-serif;margin:10px 0 6px">VEGA MUSIC</div>
<div style="font:italic 400 15px Lato,sans-serif;color:#b9c3e6">90 million songs. No ads.</div>
<div style="font:400 10px Lato,sans-serif;color:#8592bd;margin-top:40px">Premium from 4.99/month after 3 months free.
vega.example/terms</div></body>"""

SERIF = f"""{_HEAD}<body style="{_BODY}background:linear-gradient(135deg,#f7e9d7,#e7b98f);color:#3b2418;padding:22px;
text-align:center"><div style="font:400 38px 'EB Garamond',serif">Brioche &amp; Co</div>
<div style="height:1px;background:#3b2418;margin:8px 60px"></div>
<div style="font:italic 400 17px/1.3 'EB Garamond',serif">Baked at four each morning, gone by noon</div>
<div style="font:400 24px Lobster,serif;margin-top:22px;color:#a33">Now open on 5th</div>
<div style="font:400 11px 'EB Garamond',serif;margin-top:34px">214 Fifth Avenue · 7 am to 2 pm</div></body>"""

PHOTO = f"""{_HEAD}<body style="{_BODY}background:radial-gradient(circle at 60% 35%,#f2c38a,#a3531f 45%,#2a120a 90%);
color:#fff"><svg width="300" height="250" style="position:absolute"><ellipse cx="190" cy="95" rx="78" ry="52"
fill="#f8f4ee"/><ellipse cx="190" cy="92" rx="64" ry="40" fill="#5a2f17"/><path d="M150 92 q40 -34 80 0"
stroke="#d9a066" stroke-width="5" fill="none"/></svg>
<div style="position:absolute;left:0;right:0;bottom:0;padding:12px 16px;
background:linear-gradient(transparent,rgba(0,0,0,.75))"><div style="font:800 26px 'League Spartan',Inter,sans-serif">
First cup free</div><div style="font:400 12px Inter,sans-serif">Show this screen at any till before 11:00</div></div>
</body>"""

DESIGNS = {"text": TEXT, "dark": DARK, "serif": SERIF, "photo": PHOTO}
