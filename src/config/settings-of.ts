import type { Setting } from './setting.ts'
import { SETTINGS } from './settings-table.ts'

/** Takes a command, gives the settings that it uses, in the table's order. */
export function settingsOf(command: Setting['commands'][number]): readonly Setting[] {
  const rows: readonly Setting[] = SETTINGS
  return rows.filter((setting) => setting.commands.includes(command))
}
