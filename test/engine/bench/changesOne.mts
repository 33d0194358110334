import { spoilt } from './spoilt.mts';

export default spoilt(([first, ...others]) => [{ ...first, Operation: 'SomethingElse' }, ...others]);
