import { HA_VALUES } from '../../src/install/values/ha-values.ts'
import { defaultsOf, type SchemaNode } from '../../src/install/values/schema-node.ts'
import { chartFields, isPreset } from './helm-schema.ts'

/** Gives the chart's README, with a table of its values. */
export function chartReadme(): string {
  return `# linkerd-tracing

Distributed tracing for Linkerd, switched on by a label. The chart gives what \`linkerd-tracing install\` prints for the same values;
[its page](../../../docs/install.md) tells what is installed and why.

\`\`\`sh
kubectl create namespace linkerd-tracing
kubectl label namespace linkerd-tracing linkerd.io/extension=tracing pod-security.kubernetes.io/enforce=privileged
helm install linkerd-tracing manifests/helm/linkerd-tracing --namespace linkerd-tracing
\`\`\`

- **The namespace** is the release’s. Helm cannot label it, so make it first; or render the chart with \`createNamespace: true\` for
  \`kubectl apply\` or a GitOps tool.
- **\`policy: auto\`** asks the cluster for Linkerd’s policy kinds. \`helm template\` asks none and prints them: they refuse plaintext.
- **The cluster’s domain**, needed with several collectors only, is read from \`linkerd-config\`; where no cluster is asked it is
  \`cluster.local\`.
- **Values are checked** against \`values.schema.json\`, and together by the templates; what \`install\` refuses is refused here.
  \`collector.config\` is for \`install\` alone, which can check it.

## Values

| value | default | what |
|---|---|---|
${Object.entries(chartFields())
  .flatMap(([name, field]) => rows(field, [name]))
  .join('\n')}
`
}

function rows(node: SchemaNode, path: readonly string[]): string[] {
  if ('properties' in node) {
    return Object.entries(node.properties).flatMap(([name, field]) => rows(field, [...path, name]))
  }
  const words = node.type === 'string' && node.enum !== undefined ? ` One of ${node.enum.map(code).join(', ')}.` : ''
  const cells = [code(path.join('.')), defaultCell(node, path), `${node.description ?? ''}${words}`]
  return [`| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`]
}

function defaultCell(node: SchemaNode, path: readonly string[]): string {
  const usual = code(JSON.stringify(defaultsOf(node)))
  if (!isPreset(path)) return usual
  const ha = path.reduce((value: unknown, key) => Object(value)[key] as unknown, HA_VALUES)
  return `${usual}, with \`ha\` ${code(JSON.stringify(ha))}`
}

function code(text: string): string {
  return `\`${text}\``
}
