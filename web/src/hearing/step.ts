/** What a pure decision comes to: the next state, and the effects that its owner has to carry out, in this order. */
export interface Step<State, Effect> {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export const stepTo = <State, Effect>(state: State, ...effects: readonly Effect[]): Step<State, Effect> => ({ state, effects });

/** One decision after another: the second one sees the state that the first one left. */
export function andThen<State, Effect>(first: Step<State, Effect>, decide: (state: State) => Step<State, Effect>): Step<State, Effect> {
  const second = decide(first.state);
  return { state: second.state, effects: [...first.effects, ...second.effects] };
}
