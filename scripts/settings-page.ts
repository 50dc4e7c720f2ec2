import { type Setting, variableOf } from '../src/config/setting.ts'
import { SETTINGS } from '../src/config/settings-table.ts'

/** Gives the text of docs/settings.md, made from the settings table (`npm run docs` writes it). */
export function settingsPage(): string {
  return [
    '# Settings',
    '',
    'Made from `src/config/settings-table.ts` by `npm run docs`; edit the table, not this page.',
    '',
    'A flag wins over its environment variable, which wins over the default. A boolean flag alone means `true`.',
    'All mistakes are reported at once, each with the setting, its value and the rule; then nothing starts (exit code 1).',
    'Annotations on a Pod or a Namespace win over the settings of the injection.',
    '',
    '| flag | variable | default | commands | what |',
    '|---|---|---|---|---|',
    ...SETTINGS.map(settingRow),
    '',
  ].join('\n')
}

function settingRow(setting: Setting): string {
  const short = setting.short === undefined ? '' : `, \`-${setting.short}\``
  const cells = [
    `\`--${setting.flag}\`${short}`,
    `\`${variableOf(setting.flag)}\``,
    setting.shownDefault ?? `\`${setting.default}\``,
    setting.commands.map((command) => `\`${command}\``).join(', '),
    setting.sentence,
  ]
  // `<` outside of code would be read as HTML by a Markdown viewer.
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/<(?=[a-z])/g, '\\<')).join(' | ')} |`
}
