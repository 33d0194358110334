import { spoilt } from './spoilt.mts';

export default spoilt((records) => records.slice(1));
