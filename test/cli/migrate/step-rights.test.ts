import { expect, test } from 'vitest'
import { planMigration } from '../../../src/cli/migrate/plan-migration.ts'
import { stepRights } from '../../../src/cli/migrate/step-rights.ts'
import { annotated, CLEAN, JAEGERS, sender, WHOLE } from './found.ts'

const rightsOf = (...[facts]: Parameters<typeof planMigration>) =>
  stepRights(planMigration(facts).steps).map(({ verb, resource, namespace }) =>
    [verb, resource, ...(namespace === undefined ? [] : [`in ${namespace}`])].join(' '),
  )

test('steps take the rights to change, to delete, and to try a Pod where workloads are restarted', () => {
  expect(rightsOf(WHOLE)).toEqual([
    'patch namespaces',
    'delete mutatingwebhookconfigurations',
    ...['books', 'linkerd'].flatMap((name) => [`patch deployments in ${name}`, `create pods in ${name}`]),
    ...['deployments', 'deployments', 'deployments', 'secrets'].map((what) => `delete ${what} in linkerd-jaeger`),
    'delete clusterrolebindings',
    'delete clusterroles',
  ])
})

test('so does the change of a template', () => {
  const told = { 'config.linkerd.io/trace-collector': JAEGERS }
  const facts = {
    ...CLEAN,
    annotated: [annotated('shop', 'web', told)],
    senders: [sender('shop', 'web', [JAEGERS, true])],
  }
  expect(rightsOf(facts)).toEqual(['patch deployments in shop', 'create pods in shop'])
})
