import { Component, h, type ComponentType, type JSX } from "preact";

/** Draws again only when a property is another one; preact/compat would bring more than this. */
export function memo<P extends object>(view: (props: P) => JSX.Element): ComponentType<P> {
  return class extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      return (Object.keys(next) as (keyof P)[]).some((key) => next[key] !== (this.props as P)[key]);
    }
    render(): JSX.Element {
      return h(view as ComponentType<object>, this.props as P) as JSX.Element;
    }
  };
}
