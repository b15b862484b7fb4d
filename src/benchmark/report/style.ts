/** The page's own style: fonts of the reader's system, light and dark, readable at 320 pixels. */
export const style = `
:root { --ink: #1b1f24; --soft: #57606a; --paper: #ffffff; --line: #d8dee4; --link: #0b55b5; --shade: #f4f6f8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9aa6b2; --paper: #0f141a; --line: #2a323b; --link: #7aa2ff; --shade: #171d25; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1180px; padding: 16px; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 26px; line-height: 1.25; margin: 12px 0 4px; } h2 { font-size: 20px; margin: 36px 0 8px; } h3 { font-size: 16px; margin: 18px 0 6px; }
a { color: var(--link); } p { max-width: 46em; } .skip { position: absolute; left: -999px; } .skip:focus { left: 8px; top: 8px; background: var(--paper); padding: 6px; }
nav { position: sticky; top: 0; z-index: 1; background: var(--paper); border-bottom: 1px solid var(--line); padding: 6px 0; display: flex; flex-wrap: wrap; gap: 2px 14px; }
nav a { padding: 4px 0; }
section { scroll-margin-top: 60px; } details { scroll-margin-top: 60px; border-bottom: 1px solid var(--line); padding: 4px 0; }
summary { cursor: pointer; } details[open] { background: var(--shade); padding: 4px 8px; }
dl { display: grid; grid-template-columns: minmax(84px, max-content) 1fr; gap: 2px 12px; margin: 8px 0; font-size: 14px; } dt { color: var(--soft); } dd { margin: 0; }
.charts, .gallery { display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start; } figure { margin: 0; max-width: 100%; }
.charts figure { border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.gallery img { image-rendering: pixelated; max-width: 100%; max-height: 320px; object-fit: contain; min-width: 160px; display: block; border: 1px solid var(--line); }
figcaption { color: var(--soft); font-size: 14px; }
.scroll { overflow-x: auto; margin: 12px 0; overflow-wrap: normal; } tbody th { white-space: nowrap; } td { white-space: nowrap; } td:last-child { white-space: normal; min-width: 12em; } thead th { vertical-align: bottom; } table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: 6px 0; } th, td { padding: 4px 10px; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { color: var(--soft); font-weight: 500; } th button { all: unset; cursor: pointer; } th button:focus-visible { outline: 2px solid var(--link); }
td a { text-decoration: none; } td a:hover, td a:focus { text-decoration: underline; } td.none { color: var(--soft); max-width: 22em; }
code { background: var(--shade); padding: 1px 4px; border-radius: 4px; font-size: 14px; } input { font: inherit; padding: 4px 8px; max-width: 100%; }
label { display: block; margin: 8px 0; }
`;
