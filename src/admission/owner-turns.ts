/**
 * Takes how many owners are remembered at most, gives a function that takes an owner's uid each time that a Pod of it was answered
 * anew, and tells whether this answer is worth to be remembered: the second, the fourth, the eighth and so on. Most owners of one
 * Pod never have another, and Pods of some (DaemonSets, StatefulSets) are all unlike: to try each would cost more than it gives.
 */
export function createOwnerTurns(mostOwners: number): (owner: string) => boolean {
  const counts = new Map<string, number>()
  return (owner) => {
    const count = (counts.get(owner) ?? 0) + 1
    // Anew, so that who came last stands last.
    counts.delete(owner)
    counts.set(owner, count)
    for (const oldest of counts.keys()) {
      if (counts.size <= mostOwners) break
      counts.delete(oldest)
    }
    return count > 1 && Number.isInteger(Math.log2(count))
  }
}
