/**
 * What `ha` stands for; it lies below files and flags. Three injectors, as Linkerd's own HA has three of each component; two
 * collectors, which hold seconds of spans at most, on different nodes.
 */
export const HA_VALUES = {
  injector: { replicas: 3, antiAffinity: 'required' },
  collector: { replicas: 2, antiAffinity: 'required' },
} as const
