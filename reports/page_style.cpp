// SPDX-License-Identifier: Apache-2.0
#include "reports/page_style.hpp"

namespace meterbench::reports {

std::string_view page_style() {
    return R"css(
:root{color-scheme:light dark;
--bg:#f6f7f9;--card:#fff;--fg:#1b2430;--dim:#5d6978;--line:#dde2e9;--soft:#eef1f5;--accent:#1d5fd0;
--pass:#177a3e;--pass-bg:#e2f4e8;--fail:#b9211c;--fail-bg:#fde7e5;--inconclusive:#8f5a00;
--inconclusive-bg:#fdf0d3;--error:#8a1f8f;--error-bg:#f8e5f9;--not-applicable:#66707d;
--not-applicable-bg:#eceff3;--not-runnable:#4a5d7a;--not-runnable-bg:#e4eaf3;--none:#66707d;
--none-bg:#eceff3;--sent:#1d5fd0;--sent-bg:#e3edfd;--heard:#0c7a72;--heard-bg:#dcf3f0;
--frame-bg:#f1f0ea;--remark:#8f5a00;
--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;
--mono:ui-monospace,"SFMono-Regular",Menlo,Consolas,"DejaVu Sans Mono",monospace}
@media (prefers-color-scheme:dark){:root{
--bg:#10151c;--card:#181f29;--fg:#e4e9f0;--dim:#98a5b5;--line:#2c3644;--soft:#202936;--accent:#7db0ff;
--pass:#5fd08b;--pass-bg:#143423;--fail:#ff8a80;--fail-bg:#43191a;--inconclusive:#f3bd57;
--inconclusive-bg:#3b2c0d;--error:#eb95f0;--error-bg:#3b1a3f;--not-applicable:#9aa6b4;
--not-applicable-bg:#262f3b;--not-runnable:#a3b8d8;--not-runnable-bg:#223048;--none:#9aa6b4;
--none-bg:#262f3b;--sent:#7db0ff;--sent-bg:#172b4a;--heard:#54d1c4;--heard-bg:#0f3531;
--frame-bg:#222b35;--remark:#f3bd57}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 var(--sans)}
main{max-width:1180px;margin:0 auto;padding:24px 20px 56px}
a{color:var(--accent);text-decoration:none}
a:hover{text-decoration:underline}
a:focus-visible,input:focus-visible,button:focus-visible,summary:focus-visible{
outline:2px solid var(--accent);outline-offset:2px}
h1{font-size:26px;line-height:1.25;margin:4px 0 6px;overflow-wrap:anywhere}
h2{font-size:18px;margin:36px 0 12px}
p{margin:0 0 10px}
.kicker{color:var(--dim);font-size:13px;letter-spacing:.04em}
.dim{color:var(--dim)}
.mono,code,pre{font-family:var(--mono);font-size:13px;overflow-wrap:anywhere}
pre{background:var(--soft);border:1px solid var(--line);border-radius:8px;padding:10px 12px;margin:0;
white-space:pre-wrap}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:16px 18px}
.v{display:inline-block;border-radius:999px;padding:1px 10px;font-size:13px;font-weight:600;
white-space:nowrap;color:var(--c);background:var(--b)}
.pass{--c:var(--pass);--b:var(--pass-bg)}
.fail{--c:var(--fail);--b:var(--fail-bg)}
.inconclusive{--c:var(--inconclusive);--b:var(--inconclusive-bg)}
.error{--c:var(--error);--b:var(--error-bg)}
.not-applicable{--c:var(--not-applicable);--b:var(--not-applicable-bg)}
.not-runnable{--c:var(--not-runnable);--b:var(--not-runnable-bg)}
.none{--c:var(--none);--b:var(--none-bg)}
.banner{border:1px solid var(--c);border-left-width:8px;background:var(--b);border-radius:12px;
padding:16px 20px;margin:16px 0;display:flex;gap:6px 20px;align-items:baseline;flex-wrap:wrap}
.banner strong{display:inline-block;font-size:26px;line-height:1.2;color:var(--c)}
.banner strong::first-letter{text-transform:uppercase}
.banner span{overflow-wrap:anywhere;min-width:0}
.bar{display:flex;height:14px;border-radius:7px;overflow:hidden;gap:2px;margin:0 0 14px}
.bar i{display:block;background:var(--c);min-width:4px}
.pick{position:absolute;opacity:0;pointer-events:none}
.tiles{display:flex;flex-wrap:wrap;gap:8px;margin:0 0 8px}
.tiles label{cursor:pointer;border:1px solid var(--line);border-radius:10px;background:var(--card);
padding:6px 14px;display:flex;flex-direction:column;min-width:92px;color:var(--dim);font-size:13px}
.tiles label b{font-size:21px;line-height:1.25;color:var(--c,var(--fg));font-variant-numeric:tabular-nums}
.tiles label.zero b{color:var(--dim);font-weight:400}
.tiles label:hover{border-color:var(--accent)}
#show-all:checked~.tiles label[for=show-all],#show-pass:checked~.tiles label[for=show-pass],
#show-fail:checked~.tiles label[for=show-fail],
#show-inconclusive:checked~.tiles label[for=show-inconclusive],
#show-error:checked~.tiles label[for=show-error],
#show-not-applicable:checked~.tiles label[for=show-not-applicable],
#show-not-runnable:checked~.tiles label[for=show-not-runnable]
{border-color:var(--accent);box-shadow:0 0 0 1px var(--accent)}
.pick:focus-visible~.tiles{outline:2px solid var(--accent);outline-offset:4px;border-radius:10px}
#show-pass:checked~.cases tbody tr:not(.pass),#show-fail:checked~.cases tbody tr:not(.fail),
#show-inconclusive:checked~.cases tbody tr:not(.inconclusive),
#show-error:checked~.cases tbody tr:not(.error),
#show-not-applicable:checked~.cases tbody tr:not(.not-applicable),
#show-not-runnable:checked~.cases tbody tr:not(.not-runnable){display:none}
.search{display:flex;gap:12px;align-items:center;margin:0 0 10px;flex-wrap:wrap}
.search[hidden]{display:none}
.search input{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);
border-radius:8px;padding:7px 12px;width:min(420px,100%)}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(240px,1fr));gap:12px 24px;margin:0}
.facts div{min-width:0}
.facts dt{color:var(--dim);font-size:13px}
.facts dd{margin:0;overflow-wrap:anywhere}
.wide{grid-column:1/-1}
table{border-collapse:collapse;width:100%;background:var(--card);border:1px solid var(--line);
border-radius:12px;border-spacing:0;border-collapse:separate;overflow:hidden}
th{font-size:13px;color:var(--dim);font-weight:600;background:var(--soft)}
th,td{text-align:left;vertical-align:top;padding:9px 12px;border-bottom:1px solid var(--line)}
tbody tr:last-child td{border-bottom:0}
td{overflow-wrap:anywhere}
.cases td:first-child,.matrix td.tight{white-space:nowrap;overflow-wrap:normal;width:1%}
.cases tbody tr:not(.pass) td:first-child{box-shadow:inset 4px 0 var(--c)}
.run td:nth-child(2){width:38%}
.run td:nth-child(3){width:24%}
.cases tbody tr:hover,.matrix tbody tr:hover{background:var(--soft)}
.cases tr.family td{background:var(--soft);padding:5px 12px;white-space:normal;box-shadow:none!important}
.cases tr.family button{all:unset;cursor:pointer;font-weight:600}
.cases tr.family button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.cases tr.family button[aria-expanded]::before{content:"\25BE\00A0"}
.cases tr.family button[aria-expanded=false]::before{content:"\25B8\00A0"}
.cases tr.family .dim{float:right;font-size:13px}
.cases tbody+tbody td{border-top:0}
.cases tbody:not(:last-child) tr:last-child td{border-bottom:1px solid var(--line)}
.matrix tbody tr:target{background:var(--inconclusive-bg)}
.chips{display:flex;flex-wrap:wrap;gap:4px}
.chip{font-family:var(--mono);font-size:12px;border:1px solid var(--line);border-radius:6px;
padding:0 6px;background:var(--soft);overflow-wrap:anywhere}
.chip.on{color:var(--c);background:var(--b);border-color:transparent}
.tight .chip,.cases .chip{white-space:nowrap}
.replay{display:flex;gap:8px;align-items:stretch}
.replay pre{flex:1;min-width:0}
button{font:inherit;font-size:13px;color:var(--fg);background:var(--soft);border:1px solid var(--line);
border-radius:8px;padding:0 14px;cursor:pointer}
.finding{border-left:5px solid var(--c);margin:0 0 12px}
.finding h3{margin:0 0 8px;font-size:15px;overflow-wrap:anywhere}
.finding dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:4px 16px;margin:0}
.finding dt{color:var(--dim)}
.finding dd{margin:0;overflow-wrap:anywhere}
.wrongly{color:var(--fail)}
.diagram{overflow-x:auto;padding:8px}
.diagram svg{display:block;width:100%;min-width:800px;height:auto;font-family:var(--sans)}
.diagram text{fill:var(--fg);font-size:13px}
.diagram .t{font-family:var(--mono);font-size:11px;fill:var(--dim);text-anchor:end}
.diagram .hex{font-family:var(--mono);font-size:12px}
.diagram .small{font-size:12px;fill:var(--dim)}
.diagram .head{font-weight:700;text-anchor:middle}
.diagram .sub{font-size:12px;fill:var(--dim);text-anchor:middle}
.diagram .label{font-weight:600}
.diagram .life{stroke:var(--dim);stroke-width:2}
.diagram .ruler{stroke:var(--line);stroke-width:1}
.diagram .tick{stroke:var(--dim);stroke-width:1}
.diagram .framework{fill:var(--frame-bg)}
.diagram .phase{font-size:11px;letter-spacing:.06em;fill:var(--dim);text-anchor:end}
.diagram .band{stroke-width:1.5}
.diagram .sent .band{fill:var(--sent-bg);stroke:var(--sent)}
.diagram .heard .band{fill:var(--heard-bg);stroke:var(--heard)}
.diagram .sent .label{fill:var(--sent)}
.diagram .heard .label{fill:var(--heard)}
.diagram .spoilt .band{stroke:var(--fail);stroke-dasharray:5 3}
.diagram .spoilt .label{fill:var(--fail)}
.diagram a:hover .band{stroke-width:3}
.diagram .bracket{fill:none;stroke:var(--fg);stroke-width:1.25}
.diagram .gap{font-size:12px;font-weight:600}
.diagram .wait{fill:none;stroke:var(--dim);stroke-width:1.5;stroke-dasharray:6 5}
.diagram .disc{fill:var(--b);stroke:var(--c);stroke-width:1.5}
.diagram .mark{fill:none;stroke:var(--c);stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.diagram .bad{fill:var(--fail);font-weight:600}
.diagram .say{font-style:italic;fill:var(--dim)}
.diagram .remark{fill:var(--remark)}
.diagram .req{font-family:var(--mono);font-size:11px;fill:var(--dim)}
.waves{padding:8px}
.wave{display:block;width:100%;height:auto;font-family:var(--mono);break-inside:avoid}
.wave+.wave{border-top:1px solid var(--line)}
.wave text{fill:var(--dim);font-size:10px}
.wave path{fill:none;stroke-width:1.2;stroke-linejoin:round}
.wave .volt{stroke:var(--sent)}
.wave .ampere{stroke:var(--heard)}
.wave .tx{fill:var(--sent);font-size:11px}
.wave .rx{fill:var(--heard);font-size:11px}
.wave .scale{text-anchor:end}
.wave .cut{text-anchor:middle}
details.frame{background:var(--card);border:1px solid var(--line);border-left:5px solid var(--d);
border-radius:10px;margin:0 0 10px;overflow:hidden}
details.sent{--d:var(--sent)}
details.heard{--d:var(--heard)}
details.frame:target{box-shadow:0 0 0 2px var(--accent)}
details summary{cursor:pointer}
details.frame summary{padding:8px 14px;display:flex;flex-wrap:wrap;gap:2px 16px;align-items:baseline}
details.frame summary b{color:var(--d)}
details.frame summary .dim{font-size:13px}
details.frame table{border:0;border-top:1px solid var(--line);border-radius:0}
details.frame td,details.frame th{padding:4px 14px;font-size:14px}
details.frame td.at{width:1%;color:var(--dim);font-family:var(--mono);font-size:13px}
details.frame td.hex{width:32%;font-family:var(--mono);font-size:13px;word-spacing:.1em}
details.plain{margin:12px 0 0}
details.plain pre{margin-top:8px}
nav{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:14px;margin:0 0 12px}
nav .next{margin-left:auto}
.strip{display:block;width:100%;height:18px;margin:6px 0 4px}
.strip .s{fill:var(--soft)}
.strip .p{fill:var(--pass);opacity:.35}
.strip .f{fill:var(--fail)}
.strip .i{fill:var(--inconclusive);opacity:.6}
.strip .e{fill:var(--error)}
.strip .a,.strip .r,.strip .x{fill:var(--line)}
.legend{font-size:13px}
.legend i{display:inline-block;width:9px;height:13px;border-radius:2px;margin:0 2px 0 8px;vertical-align:-2px}
.legend .p{background:var(--pass);opacity:.35}
.legend .f{background:var(--fail)}
.legend .i{background:var(--inconclusive);opacity:.6}
.legend .e{background:var(--error)}
.legend .x{background:var(--line)}
details.fold{margin:12px 0 0;border:1px solid var(--line);border-radius:12px;background:var(--card);overflow:hidden}
details.fold summary{padding:10px 16px}
details.fold table{border:0;border-top:1px solid var(--line);border-radius:0}
.cases-list{margin:0 0 10px}
.cases td details summary{color:var(--dim);font-size:13px}
.cases td details ul.plain{padding:0}
ul.plain{list-style:none;margin:0;padding:4px 18px}
ul.plain li{padding:7px 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
ul.plain li:last-child{border-bottom:0}
footer{margin-top:40px;color:var(--dim);font-size:13px}
@media (max-width:760px){
main{padding:16px 12px 40px}
h1{font-size:21px}
.cases thead,.matrix thead{display:none}
.cases tr,.matrix tr{display:block;padding:10px 12px;border-bottom:1px solid var(--line)}
.cases tbody tr:last-child,.matrix tbody tr:last-child{border-bottom:0}
.cases td,.matrix td,.cases td:first-child,.matrix td.tight{display:block;width:auto;border:0;
padding:2px 0;white-space:normal}
.tiles label{min-width:0;flex:1 1 104px;padding:5px 10px}
.replay{flex-direction:column}
.replay button{padding:6px}
}
@media print{
:root{color-scheme:light;--bg:#fff;--card:#fff}
body{font-size:11pt}
main{max-width:none;padding:0}
.search,.replay button,nav{display:none}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
tr,.finding,.banner,.card.keep{break-inside:avoid}
details.frame{break-inside:avoid-page}
thead{display:table-header-group}
.diagram{overflow:visible}
.diagram svg{min-width:0}
h2{break-after:avoid}
a{color:inherit}
}
)css";
}

std::string_view page_script() {
    return R"js(
(function () {
  'use strict';
  var box = document.querySelector('.search');
  if (box) {
    var input = box.querySelector('input');
    var shown = box.querySelector('output');
    var all = Array.prototype.slice.call(document.querySelectorAll('.cases tbody tr'));
    var heads = all.filter(function (row) { return row.classList.contains('family'); });
    var rows = all.filter(function (row) { return !row.classList.contains('family'); });
    var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
    var update = function () {
      var words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      var everything = document.querySelector('#show-all');
      var looking = words.length !== 0 || (everything ? !everything.checked : false);
      rows.forEach(function (row, i) {
        var hit = words.every(function (word) { return texts[i].indexOf(word) !== -1; });
        var folded = looking ? false : row.parentNode.classList.contains('folded');
        row.style.display = hit ? (folded ? 'none' : '') : 'none';
        row.hit = hit;
      });
      heads.forEach(function (head) {
        var mine = rows.filter(function (row) { return row.parentNode === head.parentNode; });
        head.style.display = mine.some(function (row) { return row.hit; }) ? '' : 'none';
        head.querySelector('button').setAttribute('aria-expanded',
          String(looking || !head.parentNode.classList.contains('folded')));
      });
      var visible = rows.filter(function (row) { return row.offsetParent !== null; });
      shown.textContent = visible.length + ' of ' + rows.length + ' shown';
    };
    heads.forEach(function (head) {
      var button = head.querySelector('button');
      if (head.hasAttribute('data-fold')) { head.parentNode.classList.add('folded'); }
      button.disabled = false;
      button.addEventListener('click', function () {
        head.parentNode.classList.toggle('folded');
        update();
      });
    });
    box.hidden = false;
    input.addEventListener('input', update);
    Array.prototype.forEach.call(document.querySelectorAll('.pick'), function (pick) {
      pick.addEventListener('change', update);
    });
    update();
  }
  Array.prototype.forEach.call(document.querySelectorAll('.replay'), function (replay) {
    if (!navigator.clipboard) { return; }
    var button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Copy';
    button.addEventListener('click', function () {
      navigator.clipboard.writeText(replay.querySelector('code').textContent).then(function () {
        button.textContent = 'Copied';
      });
    });
    replay.appendChild(button);
  });
  var reveal = function () {
    var target = location.hash.length === 0 ? null : document.getElementById(location.hash.slice(1));
    for (var at = target; at; at = at.parentElement) {
      if (at.tagName.toLowerCase() === 'details') { at.open = true; }
    }
    if (target) { target.scrollIntoView(); }
  };
  window.addEventListener('hashchange', reveal);
  // Paper cannot be clicked: what is folded is printed open.
  var folds = Array.prototype.slice.call(document.querySelectorAll('details.fold, details.plain'));
  var opened = [];
  window.addEventListener('beforeprint', function () {
    opened = folds.filter(function (fold) { return !fold.open; });
    opened.forEach(function (fold) { fold.open = true; });
  });
  window.addEventListener('afterprint', function () {
    opened.forEach(function (fold) { fold.open = false; });
  });
  reveal();
}());
)js";
}

} // namespace meterbench::reports
