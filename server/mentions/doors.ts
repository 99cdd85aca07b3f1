import type { Door, DoorUse } from './mention.ts';

/** The doors a post came through, with one more ping: each door once, in the order of their first pings. */
export function withDoor(doors: readonly DoorUse[], via: Door, at: number): DoorUse[] {
  if (!doors.some(door => door.via === via)) return [...doors, { via, at, last: at }];
  return doors.map(door => (door.via === via ? { ...door, last: at } : door));
}
