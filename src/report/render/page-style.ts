import { html } from './html.ts';

/**
 * The look of the page. Bars are drawn as shapes and not as backgrounds, which printers leave out. Words too long for a
 * narrow screen are broken anywhere, so that nothing is wider than 320 px.
 */
export const STYLE = html`<style>
:root {
  color-scheme: light dark;
  --page: #f4f5f7; --card: #fff; --line: #e3e6ea; --text: #1d232b; --quiet: #57616e; --part: #1a6fb5; --rest: #e6eaef;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161b; --card: #1b2027; --line: #2d343d; --text: #e6e9ee; --quiet: #a4aebb; --part: #64aaf0; --rest: #2d353f;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere; -webkit-text-size-adjust: 100%;
}
main { max-width: 56rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
header { margin: .5rem 0 1.5rem; }
h1 { margin: 0 0 .5rem; font-size: 1.75rem; line-height: 1.2; }
h2 { margin: 0 0 .75rem; font-size: 1.2rem; line-height: 1.3; }
p { margin: 0 0 .75rem; }
p.about { margin: 0; color: var(--quiet); font-size: .925rem; }
section {
  margin: 0 0 1rem; padding: 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
}
section > :last-child { margin-bottom: 0; }
.figures { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1.25rem 1rem; margin: 0 0 1rem; }
dt, thead th, .note, figcaption { color: var(--quiet); font-size: .875rem; font-weight: 400; }
dd { margin: 0; }
dd.value { font-size: 1.5rem; font-weight: 600; line-height: 1.3; font-variant-numeric: tabular-nums; }
table { width: 100%; margin: 0 0 1.75rem; border-collapse: collapse; font-size: .95rem; }
caption { padding: 0 0 .35rem; color: var(--text); font-weight: 600; text-align: left; }
th, td { padding: .4rem 0 .4rem 1rem; border-top: 1px solid var(--line); text-align: right; vertical-align: top; font-weight: 400; }
thead th { border-top: 0; padding-bottom: .2rem; vertical-align: bottom; white-space: nowrap; }
th:first-child { padding-left: 0; text-align: left; }
td { font-variant-numeric: tabular-nums; white-space: nowrap; }
.note { display: block; }
svg { display: block; width: 100%; }
svg.bar { height: .4rem; margin: .3rem 0 .2rem; }
svg.columns { height: 7rem; }
.part { fill: var(--part); }
.rest { fill: var(--rest); }
figure { margin: 0 0 1.25rem; }
figcaption { display: flex; justify-content: space-between; gap: 1rem; margin-top: .35rem; }
figcaption span:last-child { text-align: right; }
@media (max-width: 34rem) {
  main { padding: .75rem .5rem 2rem; }
  section { padding: 1rem .875rem; }
  .figures { grid-template-columns: repeat(2, 1fr); }
  table { font-size: .875rem; }
  th, td { padding-left: .6rem; }
}
@media print {
  :root { --page: #fff; --card: #fff; --line: #ccc; --text: #000; --quiet: #444; --part: #1a6fb5; --rest: #e6eaef; }
  main { max-width: none; padding: 0; }
  section { padding: 0; border: 0; }
  tr, figure, .figures div { break-inside: avoid; }
  h2, caption, thead { break-after: avoid; }
}
</style>`;
